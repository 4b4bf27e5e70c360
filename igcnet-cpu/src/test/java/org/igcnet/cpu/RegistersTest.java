package org.igcnet.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With vectors of one width 16 registers give the bits of 32. On processors that have 16 there is
 * nothing to compare.
 */
class RegistersTest {
  private static final int IMAGES = 8;

  @TempDir private Path folder;

  /** Learns twice on maps of every width modulo 8, and says what the weights are then. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      System.out.println(Compute.threads(1).engine().lanes().orElseThrow());
      for (String network : List.of("IGC-L4M2", "IGC-L3M8", "RegConv-W8", "SumFusion-L2M4")) {
        for (int size = 4; size < 12; size++) {
          System.out.printf("%s %d %d%n", network, size, learned(network, size));
        }
      }
    }

    private static int learned(String name, int size) {
      Architecture network =
          new Architecture(NetworkName.parse(name), Body.FLAT, 5, 4, new ImageShape(3, size, size));
      ImageBatch batch = new ImageBatch(network.input(), IMAGES);
      Random random = new Random(1);
      for (int image = 0; image < IMAGES; image++) {
        float[] values = new float[network.input().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        batch.put(image, values, image % 4);
      }
      Setup setup = Setup.alone(network, IMAGES, IMAGES, Optimiser.of(0.9, 1e-4));
      State begun = State.of(network);
      float[] weights = begun.weights().values();
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (0.2 + 0.1 * random.nextGaussian());
      }
      try (TrainingSession training = Compute.threads(1).training(setup)) {
        training.restore(begun);
        training.step(batch, 0.1, 0.9f);
        training.step(batch, 0.1, 0.9f);
        return Arrays.hashCode(training.state().weights().values());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256})
  void bitsDoNotDependOnHowManyThereAre(int bits) throws Exception {
    assertThat(run(bits, "-XX:UseAVX=2")).isEqualTo(run(bits, "-Xmx512m"));
  }

  private String run(int bits, String flag) throws Exception {
    OwnJvm program =
        OwnJvm.run(
            Program.class,
            List.of(
                "-Xmx512m",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-modules=jdk.incubator.vector",
                "-Digcnet.vector.bits=" + bits,
                flag),
            folder);
    assertThat(program.code()).as(program.err()).isZero();
    assertThat(program.out().lines()).hasSize(33);
    return program.out();
  }
}
