package org.igcnet.cpu.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.assertj.core.data.Percentage;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.plain.PlainInference;
import org.igcnet.cpu.plain.PlainNetwork;
import org.igcnet.cpu.plan.NetworkMemory;
import org.igcnet.cpu.predict.InferencePlan;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkMemoryTest {
  /** Bytes that may come and go. */
  private static final long STEADY = 100_000;

  /** What is planned is what is there after a step, for networks large beside all else. */
  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "IGC-L24M2, 5, 32, 32, FLOAT32, 1",
    "IGC-L24M2+Ident, 8, 32, 16, FLOAT32, 2",
    "RegConv-W48, 5, 16, 16, FLOAT32, 3",
    "SumFusion-L4M8+Ident, 8, 64, 64, BF16, 2",
    "IGC-L4M32, 5, 20, 10, FLOAT32, 2",
    "IGC-L6x4M2-relu, 8, 40, 40, BF16, 2",
    "IGC-L24M2-se, 8, 40, 20, FLOAT32, 2",
    "IGC-L4M8, 8, 64, 64, BF16, 1",
  })
  void theHeapHoldsWhatIsPlanned(
      String name, int depth, int images, int normImages, Precision precision, int threads)
      throws InterruptedException {
    Architecture architecture = Architecture.cifar(name, depth, 100);
    MemoryPlan planned = NetworkMemory.of(architecture, images, normImages, precision, threads);
    Setup setup = Setup.alone(architecture, images, normImages, Optimiser.of(0, 0)).with(precision);
    compare(planned, images, () -> Network.create(setup, threads));
    MemoryPlan plain = PlainNetwork.memory(architecture, images, normImages, threads);
    compare(plain, images, () -> PlainNetwork.create(architecture, images, normImages, threads));
  }

  private static void compare(MemoryPlan planned, int images, Supplier<Trainable> creation)
      throws InterruptedException {
    long before = used();
    try (Trainable network = creation.get()) {
      Architecture architecture = network.architecture();
      network.forward(new ImageBatch(architecture.input(), images));
      network.backward(new float[images * architecture.classes()]);
      long taken = used() - before;
      assertThat(taken).isCloseTo(planned.bytes(), Percentage.withPercentage(3));
    }
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "IGC-L24M2, 20, 3",
    "IGC-L4M64, 8, 2",
    "RegConv-W64+Ident, 8, 1",
    "SumFusion-L4M32, 8, 2",
    "IGC-L6x8M8-relu, 8, 2",
    "IGC-L4M64-se, 8, 2",
  })
  void theHeapHoldsWhatIsPlannedOfPredictions(String name, int depth, int threads)
      throws InterruptedException {
    Architecture architecture = Architecture.cifar(name, depth, 100);
    Weights weights = Weights.of(architecture);
    MemoryPlan planned = InferencePlan.memory(architecture, threads);
    comparePredictions(planned, () -> InferencePlan.of(architecture, weights).session(threads));
    MemoryPlan plain = PlainInference.memory(architecture, threads);
    comparePredictions(plain, () -> PlainInference.of(architecture, weights, 8).session(threads));
  }

  private static void comparePredictions(MemoryPlan planned, Supplier<InferenceSession> creation)
      throws InterruptedException {
    long before = used();
    try (InferenceSession session = creation.get()) {
      session.logits(new ImageBatch(session.architecture().input(), 8));
      long taken = used() - before;
      assertThat(taken).isCloseTo(planned.bytes(), Percentage.withPercentage(3));
    }
  }

  /** Collects until nothing more goes: threads of networks before may still be on their way out. */
  private static long used() throws InterruptedException {
    Runtime java = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int unchanged = 0; unchanged < 3; ) {
      System.gc();
      long now = java.totalMemory() - java.freeMemory();
      unchanged = now < used - STEADY ? 0 : unchanged + 1;
      used = Math.min(used, now);
      Thread.sleep(5);
    }
    return used;
  }

  @Test
  void thePapersNetworksStayWithinTheirBudgets() {
    assertThat(megabytes("IGC-L24M2", 20)).isLessThan(400);
    assertThat(megabytes("IGC-L24M2+Ident", 20)).isLessThan(400);
    assertThat(megabytes("IGC-L24M2", 98)).isLessThan(2048);
    assertThat(megabytes("IGC-L24M2+Ident", 98)).isLessThan(2048);
  }

  @ParameterizedTest
  @CsvSource({"IGC-L24M2, 20", "IGC-L24M2+Ident, 50", "IGC-L4M8+Ident, 50"})
  void sixteenBitsTakeTwoFifthsLess(String name, int depth) {
    Architecture architecture = Architecture.cifar(name, depth, 10);
    double floats = NetworkMemory.of(architecture, 64, 64, Precision.FLOAT32, 2).heap();
    double halves = NetworkMemory.of(architecture, 64, 64, Precision.BF16, 2).heap();
    System.out.printf("%s: 16-bit maps take %.2f of the memory%n", architecture, halves / floats);
    assertThat(halves).isLessThan(0.61 * floats);
  }

  private static double megabytes(String name, int depth) {
    Architecture architecture = Architecture.cifar(name, depth, 10);
    return NetworkMemory.of(architecture, 64, 64, Precision.FLOAT32, 2).heap() / (double) (1 << 20);
  }

  /** 9 · 8 multiply-adds are more than to write and to read a value, 9 · 2 are less. */
  @Test
  void outputsOfWidePrimariesAreKeptWhereTheHeapHasRoom() {
    assertThat(kept("IGC-L4M8", 8)).isTrue();
    assertThat(kept("IGC-L4M8", 1 << 20)).isFalse();
    assertThat(kept("IGC-L4M1", 8)).isFalse();
    assertThat(kept("RegConv-W48", 8)).isFalse();
  }

  private static boolean kept(String name, int images) {
    return NetworkMemory.of(Architecture.cifar(name, 5, 10), images, images, Precision.FLOAT32, 2)
        .parts()
        .stream()
        .anyMatch(part -> part.what().equals("outputs of primary convolutions"));
  }

  @Test
  void mapsAreMostOfIt() {
    MemoryPlan plan =
        NetworkMemory.of(Architecture.cifar("IGC-L24M2", 20, 10), 64, 64, Precision.FLOAT32, 2);
    MemoryPlan.Part largest = plan.parts().getFirst();
    assertThat(largest.what()).isEqualTo("feature maps");
    // The stem and six blocks of 48 channels at 32×32, six of 96 at 16×16, six of 192 at 8×8.
    double values = 64.0 * (7 * 48 * 1024 + 6 * 96 * 256 + 6 * 192 * 64);
    assertThat((double) largest.bytes()).isBetween(4 * values, 4 * values + 19 * (1 << 20));
    assertThat(plan.plus("more", 5).bytes()).isEqualTo(plan.bytes() + 5);
  }
}
