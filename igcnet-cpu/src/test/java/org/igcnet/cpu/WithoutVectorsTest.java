package org.igcnet.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Training;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java without the vector module, or without vectors, in a JVM of its own. */
class WithoutVectorsTest {
  @TempDir private Path folder;

  /** Learns twice and predicts twice, by sessions of their own. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      Architecture network = Architecture.cifar("IGC-L4M2+Ident", 8, 10);
      Compute compute = Compute.threads(2);
      ImageBatch batch = new ImageBatch(network.input(), 6);
      Random random = new Random(1);
      for (int image = 0; image < 6; image++) {
        float[] values = new float[network.input().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        batch.put(image, values, image);
      }
      Setup setup = Setup.alone(network, 6, 4, Optimiser.of(0.9, 1e-4));
      System.out.println(compute.engine().lanes().orElseThrow());
      System.out.println(
          compute.memory(network, 6, 4, Precision.FLOAT32).parts().getFirst().what());
      for (int run = 0; run < 2; run++) {
        try (TrainingSession training = compute.training(setup);
            InferenceSession trained = compute.inference(network, training.state().weights(), 6)) {
          System.out.println(training.step(batch, 0.1, 0.9f).images());
          System.out.println(trained.logits(batch).length);
        }
      }
    }
  }

  @Test
  void withoutTheModuleItRunsAndSaysOnceWhatWouldMakeItFast() throws Exception {
    Path classes = folder.resolve("classes");
    OwnJvm program =
        OwnJvm.run(Program.class, List.of("-Xmx256m", "-Xlog:class+load:file=" + classes), folder);
    assertThat(program.err()).containsOnlyOnce("computed by plain loops");
    assertThat(program.err()).contains("java takes it with --add-modules jdk.incubator.vector");
    assertThat(program.code()).isZero();
    assertThat(program.out().lines()).containsExactly("1", "feature maps", "6", "60", "6", "60");
    assertThat(Files.readString(classes))
        .contains("org.igcnet.cpu.kernel.VectorModule")
        .doesNotContain("jdk.incubator.vector")
        .doesNotContainPattern("org\\.igcnet\\.cpu\\.kernel\\.(?!VectorModule)");
  }

  @Test
  void whoWantsNoVectorsIsToldNothing() throws Exception {
    OwnJvm program =
        OwnJvm.run(Program.class, List.of("-Xmx256m", "-Digcnet.vectors.unwanted=true"), folder);
    assertThat(program.err()).isEmpty();
    assertThat(program.out().lines()).containsExactly("1", "feature maps", "6", "60", "6", "60");
  }

  /** Goes on with a run for a step, and says what there is to say of it. */
  static final class Resuming {
    private Resuming() {}

    public static void main(String[] arguments) {
      try (TrainingRun run = TrainingRun.resume(Path.of(arguments[0]), 1)) {
        run.remarks().forEach(System.out::println);
        System.out.println(stopped(run));
      }
    }
  }

  /** Lets a training do a step. */
  private static String stopped(TrainingRun run) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batch(BatchProgress progress) {
            run.stop();
          }

          @Override
          public void epoch(EpochMetrics metrics, boolean best) {}
        };
    try {
      return "ended with " + run.run(listener);
    } catch (TrainingRun.Stopped stop) {
      return "stopped: " + stop.getMessage();
    }
  }

  @Test
  void aRunOfSixteenBitMapsGoesOnWithFloats() throws Exception {
    Path run = folder.resolve("run");
    Training training =
        Training.of("IGC-L2M2")
            .depth(5)
            .batch(8)
            .epochs(1)
            .recipe(recipe -> recipe.withPrecision(Precision.BF16));
    try (TrainingRun begun = training.into(run)) {
      assertThat(stopped(begun)).startsWith("stopped: the training stopped after batch 1 of ");
    }
    OwnJvm program = OwnJvm.run(Resuming.class, List.of("-Xmx256m"), folder, run.toString());
    assertThat(program.err()).containsOnlyOnce("computed by plain loops");
    assertThat(program.out())
        .contains(
            "the run kept feature maps as bf16 and goes on with them as float32: its weights will differ from those of a run without the change")
        .contains("stopped: the training stopped after batch 2 of ");
    assertThat(program.code()).isZero();
  }

  @Test
  void whereVectorsAreNarrowItSaysSo() throws Exception {
    OwnJvm program =
        OwnJvm.run(
            Program.class,
            List.of("-Xmx256m", "--add-modules=jdk.incubator.vector", "-XX:MaxVectorSize=8"),
            folder);
    assertThat(program.err())
        .containsOnlyOnce("computed by plain loops")
        .contains("this Java has no vectors of 128 bits on this machine");
    assertThat(program.code()).isZero();
    assertThat(program.out()).startsWith("1\n");
  }

  @Test
  void withVectorsItSaysNothing() throws Exception {
    OwnJvm program =
        OwnJvm.run(
            Program.class, List.of("-Xmx256m", "--add-modules=jdk.incubator.vector"), folder);
    assertThat(program.err()).doesNotContain("plain loops");
    assertThat(program.code()).isZero();
  }
}
