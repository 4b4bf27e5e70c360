package org.igcnet.cpu.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.predict.InferencePlan;
import org.igcnet.cpu.train.CpuTraining;
import org.igcnet.cpu.train.Network;
import org.igcnet.cpu.train.PassTime;
import org.igcnet.cpu.train.Trainable;
import org.igcnet.loss.CrossEntropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plain loops against the engine: both compute the same numbers, up to the rounding of single
 * precision. Errors are distances relative to the tensor's own norm, which counts as at least that
 * of an average gradient, as some are zero but for rounding.
 */
class PlainNetworkTest {
  private static final int CLASSES = 10;
  private static final double RATE = 0.02;
  private static final float KEPT = 0.9f;

  @ParameterizedTest(name = "{0}, {1}, depth {2}, {3}×{4} pixels, {5} images in groups of {6}")
  @CsvSource({
    "RegConv-W5,                    stages,    8, 12, 12,  9,  9",
    "RegConv-W6+Ident,              stages,    8, 12, 13,  9,  4",
    "RegConv-W4,                    flat,      5, 10,  9,  9,  9",
    "RegConv-W40,                   stages,    5,  8,  8,  3,  3",
    "SumFusion-L3M4,                stages,    8, 12, 12,  9,  2",
    "SumFusion-L4M8+Ident,          stages,    8, 13, 13,  9,  9",
    "IGC-L4M3,                      stages,    8, 12, 15,  9,  9",
    "IGC-L3M2+Ident,                stages,    8, 12, 12,  9,  4",
    "IGC-L1M6,                      stages,    8, 12, 12,  9,  9",
    "IGC-L6M1,                      stages,    8, 12, 12,  9,  9",
    "IGC-L5M2,                      flat,      8, 10, 10,  9,  9",
    "IGC-L6M2-swapped,              stages,    8, 12, 12,  9,  9",
    "IGC-L4M3-spatial,              stages,    5, 12, 12,  9,  9",
    "IGC-L4M3-split+Ident,          stages,    8, 12, 12,  9,  4",
    "IGC-L6M2-dense,                stages,    8, 12, 12,  9,  9",
    "IGC-L6M4-narrow2,              stages,    8, 12, 12,  9,  9",
    "IGC-L6M2-relu+Ident,           stages,    8, 12, 12,  9,  9",
    "IGC-L6M2-oneway,               stages,    8, 12, 12,  9,  9",
    "IGC-L12M2-oneway-se,           stages,    8, 12, 13,  9,  4",
    "IGC-L6M4-relu-se+Ident,        stages,    8, 12, 12,  9,  9",
    "IGC-L6M2-unpermuted,           flat,      5, 10, 10,  9,  9",
    "IGC-L6M2-doubleL,              stages,    8, 12, 12,  9,  9",
    "IGC-L3x2M2,                    stages,    8, 12, 12,  9,  9",
    "IGC-L3x2M2-swapped-relu,       stages,    8, 12, 12,  9,  9",
    "ResNet-C4,                     imagenet, 10, 33, 35,  9,  9",
    "IGC-L4M4+Ident,                imagenet, 10, 70, 70, 12,  6",
    "IGC-L6M2+Ident,                imagenet, 10, 64, 64, 12, 12",
  })
  void outputsGradientsAveragesAndStepsAreTheEngines(
      String name, String body, int depth, int height, int width, int images, int normImages) {
    Architecture architecture = architecture(name, body, depth, height, width);
    // The largest batch has one image more, so that a group may be shorter than there is room for.
    Setup setup = Setup.alone(architecture, images + 1, normImages, Optimiser.of(0.9, 1e-4));
    Random random = new Random(2);
    ImageBatch batch = batch(architecture.input(), images, random);
    try (PlainNetwork plain = plain(setup, 2);
        Network engine = engine(setup)) {
      randomise(plain.weights(), random);
      copy(plain.weights(), engine.weights());
      compare(plain, engine, batch, normImages);
      compareSteps(setup, plain.weights(), batch);
      comparePredictions(architecture, plain.weights(), batch);
    }
  }

  private static void compare(
      PlainNetwork plain, Network engine, ImageBatch batch, int normImages) {
    float[] logits = plain.forward(batch).clone();
    int count = batch.images() * CLASSES;
    assertThat(error(logits, engine.forward(batch), 0, count, 0)).as("logits").isLessThan(4e-6);
    int groups = Math.ceilDiv(batch.images(), normImages);
    plain.moveAverages(KEPT, groups);
    engine.moveAverages(KEPT, groups);
    float[] gradient = new float[logits.length];
    CrossEntropy.gradient(logits, CLASSES, batch.targets(), batch.images(), gradient);
    plain.backward(gradient);
    engine.backward(gradient);
    float[] wanted = engine.gradients();
    double least = norm(wanted, 0, wanted.length) / Math.sqrt(wanted.length);
    for (Parameter p : plain.weights().parameters()) {
      int at = plain.weights().offset(p.name());
      assertThat(error(plain.gradients(), wanted, at, p.size(), least))
          .as("gradient of %s", p.name())
          .isLessThan(1e-5);
      assertThat(error(plain.weights().values(), engine.weights().values(), at, p.size(), 0))
          .as(p.name())
          .isLessThan(1e-6);
    }
    logits = plain.logits(batch).clone();
    assertThat(error(logits, engine.logits(batch), 0, count, 0)).as("inference").isLessThan(4e-6);
  }

  /** A step may meet an activation so near to zero that rounding decides about it. */
  private static void compareSteps(Setup setup, Weights weights, ImageBatch batch) {
    try (CpuTraining plain = training(setup, weights, plain(setup, 1));
        CpuTraining engine = training(setup, weights, engine(setup))) {
      for (int step = 0; step < 4; step++) {
        double loss = engine.step(batch, RATE, KEPT).meanLoss();
        assertThat(plain.step(batch, RATE, KEPT).meanLoss()).isCloseTo(loss, within(5e-4 * loss));
      }
      float[] wanted = engine.state().weights().values();
      for (Parameter p : weights.parameters()) {
        int at = weights.offset(p.name());
        float[] learned = plain.state().weights().values();
        assertThat(error(learned, wanted, at, p.size(), 0)).as(p.name()).isLessThan(5e-3);
      }
    }
  }

  private static CpuTraining training(Setup setup, Weights weights, Trainable network) {
    CpuTraining training = CpuTraining.of(setup, network);
    training.restore(State.of(weights));
    return training;
  }

  private static PlainNetwork plain(Setup setup, int threads) {
    return PlainNetwork.create(
        setup.architecture(), setup.batchSize(), setup.normImages(), threads);
  }

  private static Network engine(Setup setup) {
    return Network.create(setup.architecture(), setup.batchSize(), setup.normImages(), 1);
  }

  private static void comparePredictions(
      Architecture architecture, Weights weights, ImageBatch batch) {
    int count = batch.images() * CLASSES;
    try (InferenceSession plain = PlainInference.of(architecture, weights, 5).session(2);
        InferenceSession engine = InferencePlan.of(architecture, weights).session(1)) {
      assertThat(error(plain.logits(batch), engine.logits(batch), 0, count, 0))
          .as("predictions")
          .isLessThan(4e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"IGC-L3M2+Ident", "RegConv-W6", "SumFusion-L3M4"})
  void anyNumberOfThreadsGivesTheSameBits(String name) {
    Architecture architecture = architecture(name, "stages", 8, 16, 16);
    assertThat(learned(architecture, 3)).isEqualTo(learned(architecture, 1));
  }

  /** The weights after two steps, and what they predict. */
  private static float[] learned(Architecture architecture, int threads) {
    Setup setup = Setup.alone(architecture, 20, 8, Optimiser.of(0.9, 1e-4));
    Random random = new Random(3);
    Weights weights = Weights.of(architecture);
    randomise(weights, random);
    ImageBatch batch = batch(architecture.input(), 20, random);
    try (CpuTraining training = training(setup, weights, plain(setup, threads))) {
      training.step(batch, RATE, KEPT);
      training.step(batch, RATE, KEPT);
      copy(training.state().weights(), weights);
    }
    try (InferenceSession network = PlainInference.of(architecture, weights, 20).session(threads)) {
      float[] logits = network.logits(batch);
      float[] all = Arrays.copyOf(weights.values(), weights.values().length + logits.length);
      System.arraycopy(logits, 0, all, weights.values().length, logits.length);
      return all;
    }
  }

  @Test
  void anImageHasTheSameBitsInAnyBatch() {
    Architecture architecture = architecture("IGC-L4M3+Ident", "stages", 8, 12, 12);
    Random random = new Random(5);
    Weights weights = Weights.of(architecture);
    randomise(weights, random);
    ImageBatch batch = batch(architecture.input(), 11, random);
    try (InferenceSession many = PlainInference.of(architecture, weights, 11).session(2);
        InferenceSession one = PlainInference.of(architecture, weights, 1).session(1)) {
      float[] all = many.logits(batch).clone();
      assertThat(one.logits(batch)).startsWith(all);
    }
  }

  @Test
  void timesAreToldByUnits() {
    Architecture architecture = architecture("IGC-L4M3", "stages", 5, 12, 12);
    try (PlainNetwork network = PlainNetwork.create(architecture, 2, 2, 1)) {
      network.forward(batch(architecture.input(), 2, new Random(1)));
      network.backward(new float[2 * CLASSES]);
      Stream<String> units = architecture.units().stream().map(ConvUnit::name);
      assertThat(network.passTimes().stream().map(PassTime::name).distinct())
          .containsExactlyElementsOf(Stream.concat(units, Stream.of("fc")).toList());
      assertThat(network.passTimes()).allMatch(time -> time.forward() > 0 && time.backward() > 0);
    }
  }

  @Test
  void whatTheHeapCannotHoldIsRefused() {
    Architecture network = Architecture.cifar("RegConv-W16", 8, 10);
    assertThatThrownBy(() -> PlainNetwork.create(network, 100_000, 64, 1))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(
            "RegConv-W16, depth 8, 10 classes, for 100,000 images at a time, needs [0-9,.]+ GB of memory, and Java's heap has [0-9,]+ MB of its [0-9,]+ MB left");
  }

  private static Architecture architecture(
      String name, String body, int depth, int height, int width) {
    return new Architecture(
        NetworkName.parse(name),
        Body.parse(body),
        depth,
        CLASSES,
        new ImageShape(3, height, width));
  }

  private static ImageBatch batch(ImageShape shape, int images, Random random) {
    ImageBatch batch = new ImageBatch(shape, images);
    for (int i = 0; i < images; i++) {
      float[] values = new float[shape.size()];
      for (int j = 0; j < values.length; j++) {
        values[j] = (float) random.nextGaussian();
      }
      batch.put(i, values, random.nextInt(CLASSES));
    }
    return batch;
  }

  private static void randomise(Weights weights, Random random) {
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
  }

  private static void copy(Weights from, Weights to) {
    System.arraycopy(from.values(), 0, to.values(), 0, from.values().length);
  }

  /**
   * ‖a − b‖ / ‖b‖ over a stretch of both.
   *
   * @param least the root mean square that b has at least
   */
  private static double error(float[] a, float[] b, int from, int count, double least) {
    double difference = 0;
    for (int i = from; i < from + count; i++) {
      difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(difference) / Math.max(norm(b, from, count), least * Math.sqrt(count));
  }

  private static double norm(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }
}
