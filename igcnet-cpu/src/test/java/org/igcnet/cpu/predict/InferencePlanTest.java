package org.igcnet.cpu.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.RandomNames;
import org.igcnet.cpu.train.Network;
import org.junit.jupiter.api.Test;

/**
 * The inference plan against the training engine with running averages, which has its own proof.
 */
class InferencePlanTest {
  /** For the small objects of a prediction, whatever its images. */
  private static final long BYTES = 10_000;

  /** Longest warm-up: compiled code keeps its vectors in registers, interpreted code does not. */
  private static final int PATIENCE = 20_000;

  private static final int SHAKES = 5;
  private static final int CLASSES = 5;
  private static final Architecture SMALL =
      new Architecture(
          NetworkName.parse("IGC-L6M2+Ident"), Body.STAGES, 8, CLASSES, new ImageShape(3, 20, 17));

  record Case(Architecture architecture, int images, int threads, int seed) {}

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(8, 33);
    Arbitrary<Architecture> architectures =
        Combinators.combine(
                RandomNames.names(),
                Arbitraries.of(Body.values()),
                Arbitraries.integers().between(1, 4),
                sizes,
                sizes)
            .as(InferencePlanTest::architecture);
    return Combinators.combine(
            architectures,
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers())
        .as(Case::new);
  }

  private static Architecture architecture(
      NetworkName name, Body body, int channels, int height, int width) {
    int more = body == Body.IMAGENET ? 24 : 0;
    return new Architecture(
        name,
        body,
        2 + (name.identity() ? 2 : 1) * body.stages(),
        CLASSES,
        new ImageShape(channels, height + more, width + more));
  }

  @Property(tries = 60)
  void logitsAreTheTrainingEngines(@ForAll("cases") Case c) {
    requireSameLogits(c);
  }

  /** Logits of this one, of two channels a partition and weights as they fall, are near 10³. */
  @Test
  void excitationsOfLargeMapsAreAsRightAsTheyCanBe() {
    NetworkName name = NetworkName.parse("IGC-L1x4x2M2-swapped-se+Ident");
    for (int seed = 0; seed < 20; seed++) {
      requireSameLogits(new Case(architecture(name, Body.IMAGENET, 3, 9, 9), 6, 1, seed));
    }
  }

  /** The phases of an odd map lack a row and a column, where another map may have stood before. */
  @Test
  void oddMapsUnderAStrideEndInZeros() {
    NetworkName name = NetworkName.parse("IGC-L4M2-swapped");
    requireSameLogits(new Case(architecture(name, Body.IMAGENET, 3, 9, 9), 2, 1, 1));
  }

  /**
   * To 2·10⁻⁵, and what the network itself makes of rounding: a squeeze and excitation behind large
   * maps can turn the last bit of an image into a thousand times as much. That goes by the
   * direction, so one shaken image alone may tell of none.
   */
  private static void requireSameLogits(Case c) {
    Random random = new Random(c.seed);
    Weights weights = weights(c.architecture, random);
    ImageBatch batch = batch(c.architecture.input(), c.images, random);
    try (Network network = Network.create(c.architecture, c.images, c.images, 1);
        InferenceSession plan = InferencePlan.of(c.architecture, weights).session(c.threads)) {
      copy(weights, network.weights());
      int count = c.images * CLASSES;
      float[] wanted = Arrays.copyOf(network.logits(batch), count);
      double rounding = 2e-5 * distance(wanted, new float[count]);
      for (int shake = 0; shake < SHAKES; shake++) {
        float[] shaken = Arrays.copyOf(network.logits(shaken(batch, random)), count);
        rounding += distance(shaken, wanted);
      }
      float[] logits = Arrays.copyOf(plan.logits(batch), count);
      assertThat(distance(logits, wanted)).isLessThan(rounding);
    }
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += Math.pow(a[i] - b[i], 2);
    }
    return Math.sqrt(squares);
  }

  /** The same images, each value moved by some units of its last place. */
  private static ImageBatch shaken(ImageBatch batch, Random random) {
    ImageBatch moved = new ImageBatch(batch.shape(), batch.images());
    float[] pixels = new float[batch.shape().size()];
    for (int image = 0; image < batch.images(); image++) {
      for (int i = 0; i < pixels.length; i++) {
        float pixel = batch.pixels()[batch.start(image) + i];
        pixels[i] = pixel * (1 + (float) random.nextGaussian() * 1e-6f);
      }
      moved.put(image, pixels, 0);
    }
    return moved;
  }

  @Test
  void anyNumberOfThreadsAndAnyBatchGiveTheSameBits() {
    Weights weights = weights(SMALL, new Random(1));
    float[] wanted = logits(weights, 7, 1);
    for (int threads = 2; threads <= 9; threads++) {
      assertThat(logits(weights, 7, threads)).isEqualTo(wanted);
    }
    assertThat(logits(weights, 3, 2)).isEqualTo(Arrays.copyOf(wanted, 3 * CLASSES));
  }

  @Test
  void anImageLeavesNothingBehind() {
    try (InferenceSession plan =
        InferencePlan.of(SMALL, weights(SMALL, new Random(1))).session(2)) {
      ImageBatch first = batch(SMALL.input(), 1, new Random(2));
      float[] wanted = plan.logits(first).clone();
      ImageBatch infinite = new ImageBatch(SMALL.input(), 2);
      float[] pixels = new float[SMALL.input().size()];
      Arrays.fill(pixels, 1e30f);
      infinite.put(0, pixels, 0);
      infinite.put(1, pixels, 0);
      plan.logits(infinite);
      assertThat(Arrays.copyOf(plan.logits(first), CLASSES)).isEqualTo(wanted);
    }
  }

  @Test
  void aPlanIsASnapshot() {
    Weights weights = weights(SMALL, new Random(1));
    ImageBatch batch = batch(SMALL.input(), 1, new Random(2));
    try (InferenceSession plan = InferencePlan.of(SMALL, weights).session(1)) {
      float[] before = plan.logits(batch).clone();
      Arrays.fill(weights.values(), 0);
      assertThat(plan.logits(batch)).isEqualTo(before);
    }
  }

  /** Each thread with a session of its own, all of one plan. */
  @Test
  void sessionsOfOnePlanDoNotDisturbEachOther() throws Exception {
    Weights weights = weights(SMALL, new Random(1));
    InferencePlan plan = InferencePlan.of(SMALL, weights);
    List<Callable<float[]>> askers = new ArrayList<>();
    for (int asker = 0; asker < 8; asker++) {
      int images = 1 + asker;
      askers.add(
          () -> {
            try (InferenceSession session = plan.session(1)) {
              ImageBatch batch = batch(SMALL.input(), images, new Random(images));
              float[] first = session.logits(batch).clone();
              for (int again = 0; again < 50; again++) {
                assertThat(session.logits(batch)).isEqualTo(first);
              }
              return first;
            }
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(askers.size())) {
      List<Future<float[]>> answers = threads.invokeAll(askers);
      for (int asker = 0; asker < answers.size(); asker++) {
        assertThat(answers.get(asker).get()).isEqualTo(logits(weights, 1 + asker, 1, 1 + asker));
      }
    }
  }

  @Test
  void aPredictionAllocatesNothingThatGrowsWithTheBatch() {
    try (InferenceSession plan =
        InferencePlan.of(SMALL, weights(SMALL, new Random(1))).session(1)) {
      assertThat(leastBytes(plan, batch(SMALL.input(), 1, new Random(2)))).isLessThan(BYTES);
      assertThat(leastBytes(plan, batch(SMALL.input(), 100, new Random(2)))).isLessThan(BYTES);
    }
  }

  /** Bytes that one prediction allocates, once the code is compiled. */
  private static long leastBytes(InferenceSession session, ImageBatch batch) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; least >= BYTES && i < PATIENCE; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      session.logits(batch);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void otherShapesAreRefused() {
    try (InferenceSession plan = InferencePlan.of(SMALL, Weights.of(SMALL)).session(1)) {
      ImageBatch batch = new ImageBatch(new ImageShape(3, 20, 20), 1);
      assertThatThrownBy(() -> plan.logits(batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a network for images of 3×20×17 cannot take 3×20×20");
    }
  }

  private static float[] logits(Weights weights, int images, int threads) {
    return logits(weights, images, threads, 2);
  }

  private static float[] logits(Weights weights, int images, int threads, int seed) {
    try (InferenceSession plan = InferencePlan.of(SMALL, weights).session(threads)) {
      return plan.logits(batch(SMALL.input(), images, new Random(seed))).clone();
    }
  }

  private static Weights weights(Architecture architecture, Random random) {
    Weights weights = Weights.of(architecture);
    for (Parameter p : weights.parameters()) {
      int at = weights.offset(p.name());
      for (int i = at; i < at + p.size(); i++) {
        weights.values()[i] =
            switch (p.role()) {
              case CONVOLUTION, LINEAR ->
                  (float) (random.nextGaussian() * Math.sqrt(2.0 / p.fanIn()));
              case GAMMA, RUNNING_VARIANCE -> 0.5f + random.nextFloat();
              case BIAS, BETA, RUNNING_MEAN -> (float) random.nextGaussian() * 0.3f;
            };
      }
    }
    return weights;
  }

  private static void copy(Weights from, Weights to) {
    System.arraycopy(from.values(), 0, to.values(), 0, from.values().length);
  }

  private static ImageBatch batch(ImageShape shape, int images, Random random) {
    ImageBatch batch = new ImageBatch(shape, images);
    float[] pixels = new float[shape.size()];
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      batch.put(image, pixels, 0);
    }
    return batch;
  }
}
