package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.igcnet.backend.Precision;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Inference;
import org.igcnet.bench.Contender.OfNetwork;
import org.igcnet.bench.Contender.Training;
import org.junit.jupiter.api.Test;

class RooflineTest {
  private static final double UNLIMITED = 1e30;

  @Test
  void trainingIsThreeTimesTheForwardPass() {
    // Table 3: 28.8 million multiply-adds.
    assertThat(Roofline.work(network("IGC-L24M2", 20)))
        .isCloseTo(3 * 64 * 28.8e6, Percentage.withPercentage(1));
    assertThat(Roofline.work(new Inference(Engine.IGCNET, Net.cifar("IGC-L24M2", 20), 1, 2)))
        .isCloseTo(28.8e6, Percentage.withPercentage(1));
  }

  @Test
  void withoutLimitOfMemoryItIsTheArithmetic() {
    for (String name : new String[] {"IGC-L24M2", "RegConv-W16+Ident"}) {
      OfNetwork network = network(name, 20);
      double head = 3.0 * 64 * 10 * network.architecture().head().features();
      assertThat(new Roofline(1e9, UNLIMITED).seconds(network))
          .isCloseTo((Roofline.work(network) - head) / 1e9, within(1e-9));
    }
  }

  @Test
  void withoutLimitOfArithmeticItIsTheMemory() {
    // RegConv-W1 at depth 5: maps of 3×32², 1×32², 1×32², 2×16² and 4×8² values.
    double image = 3072;
    double one = 1024;
    double two = 512;
    double four = 256;
    double stem = image + one + (2 * one + image);
    double first = one + one + (2 * one + one + one);
    double second = one + two + (2 * two + one + one);
    double third = two + four + (2 * four + two + two);
    double values = 64 * (stem + first + second + third + 3 * four);
    assertThat(new Roofline(UNLIMITED, 4e9).seconds(network("RegConv-W1", 5)))
        .isCloseTo(values / 1e9, within(1e-12));
  }

  @Test
  void aResidualSumCosts() {
    // RegConv-W1+Ident on one block a stage; the first has an identity, the others a projection.
    double stem = 3072 + 1024 + (2 * 1024 + 3072);
    double identity = 2 * (6 * 1024) + 1024 + 3 * 1024;
    double projected = (1024 + 512 + 2 * 512 + 2 * 1024) + 6 * 512 + (3 * 512) + 3 * 512;
    double last = (512 + 256 + 2 * 256 + 2 * 512) + 6 * 256 + (3 * 256) + 3 * 256;
    double values = 64 * (stem + identity + projected + last + 3 * 256);
    assertThat(new Roofline(UNLIMITED, 4e9).seconds(network("RegConv-W1+Ident", 8)))
        .isCloseTo(values / 1e9, within(1e-12));
  }

  @Test
  void halfTheBytesAreHalfTheMemorysTime() {
    Net net = Net.cifar("IGC-L24M2", 20);
    OfNetwork floats = training(net, Precision.FLOAT32);
    OfNetwork halves = training(net, Precision.BF16);
    Roofline memory = new Roofline(UNLIMITED, 1e9);
    assertThat(memory.seconds(halves)).isCloseTo(memory.seconds(floats) / 2, within(1e-9));
    Roofline arithmetic = new Roofline(1e9, UNLIMITED);
    assertThat(arithmetic.seconds(halves)).isEqualTo(arithmetic.seconds(floats));
  }

  private static OfNetwork network(String name, int depth) {
    return training(Net.cifar(name, depth), Precision.FLOAT32);
  }

  private static OfNetwork training(Net net, Precision precision) {
    return new Training(Engine.IGCNET, net, 64, 2, Optional.of(precision));
  }
}
