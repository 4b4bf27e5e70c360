package org.igcnet.cpu.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.RandomNames;
import org.igcnet.cpu.plan.Tuning;
import org.igcnet.cpu.reference.ReferenceNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine against the double-precision reference, on random networks, sizes, batches and cuts.
 */
class NetworkTest {
  /** Of gradients whose terms cancel out, about what a tensor's whole gradient comes to else. */
  private static final double LEAST = 0.1;

  /** Of a gradient's norm. */
  private static final double GRADIENTS = 5e-3;

  /** Rounding in all layers moves as much as ten millionths in the images: seen up to three. */
  private static final double ROUNDED = 10;

  /** Of fewer values a norm may divide by next to nothing; of one it always does. */
  private static final int FEW_VALUES = 8;

  private static final float KEPT = 0.9f;

  record Case(
      Architecture architecture, int images, int normImages, Tuning tuning, int threads, int seed) {
    /** Of one channel, that share a norm. */
    int leastValues() {
      int rest = images % normImages;
      int group = rest == 0 ? normImages : rest;
      return group
          * architecture.units().stream()
              .mapToInt(unit -> unit.output().pixels())
              .min()
              .orElseThrow();
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Architecture> architectures =
        Combinators.combine(
                RandomNames.names(),
                Arbitraries.of(Body.values()),
                Arbitraries.integers().between(1, 3),
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(0, 5))
            .as(NetworkTest::architecture);
    Arbitrary<Tuning> tunings =
        Combinators.combine(
                Arbitraries.of(1, 10_000, 1 << 20),
                Arbitraries.of(1, 20_000, 1 << 21),
                Arbitraries.of(1, 20, 1000),
                Arbitraries.integers().between(1, 6),
                Arbitraries.of(1, 8, 32))
            .as(Tuning::new);
    return Combinators.combine(
            architectures.filter(a -> a.head().features() <= 200),
            Arbitraries.integers().between(5, 19),
            Arbitraries.of(4, 64),
            tunings,
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 1 << 20))
        .as(Case::new)
        .filter(c -> c.leastValues() >= FEW_VALUES);
  }

  /** The least depth, at 8 to 13 rows and columns, or 32 to 37 on the body that needs as many. */
  private static Architecture architecture(
      NetworkName name, Body body, int channels, int moreRows, int moreColumns) {
    int least = body == Body.IMAGENET ? 32 : 8;
    return new Architecture(
        name,
        body,
        2 + (name.identity() ? 2 : 1) * body.stages(),
        3,
        new ImageShape(channels, least + moreRows, least + moreColumns));
  }

  @Property(tries = 60)
  void outputsGradientsAndAveragesAreTheReferences(@ForAll("cases") Case c) {
    compareStep(c);
  }

  /** The last group has two images, and at the end of this body a pixel of each: two values. */
  @Test
  void aNormOfTwoValuesEnlargesWhatRoundingLeaves() {
    Architecture network =
        architecture(NetworkName.parse("IGC-L3x1x1M3-se+Ident"), Body.IMAGENET, 1, 0, 0);
    compareStep(new Case(network, 18, 4, new Tuning(10_000, 20_000, 1, 1, 32), 2, 346_631));
  }

  private static void compareStep(Case c) {
    Random random = new Random(c.seed);
    try (Network network =
        Network.create(
            Setup.alone(c.architecture, 19, c.normImages, Optimiser.of(0, 0)),
            c.threads,
            c.tuning)) {
      ReferenceNetwork reference = ReferenceNetwork.of(c.architecture, KEPT);
      initialise(network.weights(), reference, random);
      double[][] images = new double[c.images][];
      ImageBatch batch = new ImageBatch(c.architecture.input(), 19);
      batch.begin(c.images);
      for (int i = 0; i < c.images; i++) {
        float[] image = new float[c.architecture.input().size()];
        for (int j = 0; j < image.length; j++) {
          image[j] = (float) random.nextGaussian();
        }
        batch.put(i, image, 0);
        images[i] = widen(image);
      }
      float[] logits = network.forward(batch);
      network.moveAverages(KEPT, Math.ceilDiv(c.images, c.normImages));
      double[][] wanted = reference.forward(images, c.normImages, true);
      compare("logits", logits, 0, flatten(wanted), 0, c.images * 3, 2e-4);

      Assume.that(reference.kinkDistance() > 4e-6);
      float[] gradient = new float[c.images * 3];
      double[][] wide = new double[c.images][3];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (float) random.nextGaussian() / c.images;
        wide[i / 3][i % 3] = gradient[i];
      }
      network.backward(gradient);
      reference.backward(wide);
      Moved moved = new Moved(c, reference, images, wide);
      Weights weights = network.weights();
      for (Parameter p : weights.parameters()) {
        int at = weights.offset(p.name());
        if (p.role().learned()) {
          double[] exact = reference.gradients();
          DoubleSupplier rounding = () -> ROUNDED * moved.distance(p, at, exact);
          compare(p.name(), network.gradients(), at, exact, at, p.size(), GRADIENTS, rounding);
        } else {
          compare(p.name(), weights.values(), at, reference.values(), at, p.size(), 1e-4);
        }
      }
      float[] settled = network.logits(batch);
      compare(
          "inference",
          settled,
          0,
          flatten(reference.forward(images, c.normImages, false)),
          0,
          c.images * 3,
          2e-4);
    }
  }

  @Test
  void whatTheHeapCannotHoldIsRefused() {
    Architecture network = Architecture.cifar("RegConv-W16", 8, 10);
    assertThatThrownBy(() -> Network.create(network, 1_000_000, 64, 1))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(
            "RegConv-W16, depth 8, 10 classes, for 1,000,000 images at a time, needs [0-9,.]+ GB of memory, and Java's heap has [0-9,]+ MB of its [0-9,]+ MB left");
  }

  @ParameterizedTest
  @EnumSource
  void anyNumberOfThreadsGivesTheSameBits(Precision precision) {
    Architecture architecture =
        new Architecture(
            NetworkName.parse("IGC-L3M2+Ident"), Body.STAGES, 8, 10, new ImageShape(3, 16, 16));
    float[] alone = gradients(architecture, precision, 1);
    assertThat(gradients(architecture, precision, 2)).isEqualTo(alone);
    assertThat(gradients(architecture, precision, 5)).isEqualTo(alone);
  }

  /** A value of 16 bits is off by at most a 256th, here and there; errors mostly cancel out. */
  @ParameterizedTest
  @CsvSource({
    "IGC-L3M2+Ident, STAGES, 8, 16, 16",
    "IGC-L4M2, STAGES, 5, 12, 9",
    "IGC-L4M8, FLAT, 3, 11, 7",
    "IGC-L6x4M2-relu, STAGES, 5, 16, 13",
    "IGC-L8M2-se, STAGES, 5, 10, 10",
    "RegConv-W8, STAGES, 8, 12, 15",
    "SumFusion-L4M2+Ident, STAGES, 8, 16, 16",
    "IGC-L2M2+Ident, IMAGENET, 10, 34, 37",
  })
  void roundedMapsGiveNearlyTheSameGradients(
      String name, Body body, int depth, int height, int width) {
    Architecture architecture =
        new Architecture(
            NetworkName.parse(name), body, depth, 10, new ImageShape(3, height, width));
    float[] exact = gradients(architecture, Precision.FLOAT32, 1);
    float[] rounded = gradients(architecture, Precision.BF16, 1);
    double distance = 0;
    double length = 0;
    for (int i = 0; i < exact.length; i++) {
      distance += Math.pow((double) rounded[i] - exact[i], 2);
      length += Math.pow(exact[i], 2);
    }
    double error = Math.sqrt(distance / length);
    System.out.printf("%s: gradients of 16-bit maps are off by %.1e%n", architecture, error);
    assertThat(error).isBetween(1e-4, 0.2);
  }

  private static float[] gradients(Architecture architecture, Precision precision, int threads) {
    Random random = new Random(7);
    Setup setup = Setup.alone(architecture, 40, 32, Optimiser.of(0, 0)).with(precision);
    try (Network network = Network.create(setup, threads)) {
      initialise(network.weights(), ReferenceNetwork.of(architecture, KEPT), random);
      ImageBatch batch = new ImageBatch(architecture.input(), 40);
      for (int image = 0; image < 40; image++) {
        float[] values = new float[architecture.input().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextFloat();
        }
        batch.put(image, values, image % 10);
      }
      float[] gradient = network.forward(batch).clone();
      network.backward(gradient);
      return network.gradients().clone();
    }
  }

  private static void initialise(Weights weights, ReferenceNetwork reference, Random random) {
    for (Parameter p : weights.parameters()) {
      int at = weights.offset(p.name());
      for (int i = at; i < at + p.size(); i++) {
        float value =
            switch (p.role()) {
              case CONVOLUTION, LINEAR ->
                  (float) (random.nextGaussian() * Math.sqrt(2.0 / p.fanIn()));
              case GAMMA, RUNNING_VARIANCE -> 0.5f + random.nextFloat();
              case BIAS, BETA, RUNNING_MEAN -> (float) random.nextGaussian() * 0.3f;
            };
        weights.values()[i] = value;
        reference.values()[i] = value;
      }
    }
  }

  /**
   * The gradients of images that are moved by a millionth. Where few values share a norm it divides
   * by next to nothing, and rounding is as much enlarged as they are. Computed when first asked
   * for.
   */
  private static final class Moved {
    private final Supplier<double[]> moving;
    private double @Nullable [] gradients;

    Moved(Case c, ReferenceNetwork reference, double[][] images, double[][] logitGradients) {
      this.moving =
          () -> {
            ReferenceNetwork other = ReferenceNetwork.of(c.architecture, KEPT);
            System.arraycopy(reference.values(), 0, other.values(), 0, other.values().length);
            Random random = new Random(c.seed);
            double[][] near =
                Arrays.stream(images)
                    .map(image -> Arrays.stream(image).map(v -> v + 1e-6 * random.nextGaussian()))
                    .map(DoubleStream::toArray)
                    .toArray(double[][]::new);
            other.forward(near, c.normImages, true);
            other.backward(logitGradients);
            return other.gradients();
          };
    }

    double distance(Parameter p, int at, double[] from) {
      double[] there = gradients == null ? moving.get() : gradients;
      gradients = there;
      return NetworkTest.distance(there, at, from, at, p.size());
    }
  }

  private static void compare(
      String name, float[] ours, int at, double[] wanted, int from, int count, double tolerance) {
    compare(name, ours, at, wanted, from, count, tolerance, () -> 0);
  }

  /**
   * Differences are measured against the tensor's own size, and against {@value #LEAST} where that
   * is less: sums that come to nothing are as wrong as what they are of.
   *
   * @param rounding what rounding may come to, asked for where the difference is larger
   */
  private static void compare(
      String name,
      float[] ours,
      int at,
      double[] wanted,
      int from,
      int count,
      double tolerance,
      DoubleSupplier rounding) {
    double difference = distance(widen(ours), at, wanted, from, count);
    double size = distance(wanted, from, new double[count], 0, count);
    double bound = tolerance * Math.max(size, LEAST);
    assertThat(difference)
        .as("difference of %s, whose norm is %s", name, size)
        .isLessThan(difference < bound ? bound : Math.max(bound, rounding.getAsDouble()));
  }

  private static double distance(double[] a, int at, double[] b, int from, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(a[at + i] - b[from + i], 2);
    }
    return Math.sqrt(sum);
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] flatten(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
