package org.igcnet.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Weights;
import org.igcnet.data.Augmentation;
import org.igcnet.engine.Compute;
import org.igcnet.engine.Engine;
import org.igcnet.torch.TorchTrainer.MemoryFormat;
import org.igcnet.train.Initialisation;
import org.igcnet.train.NormAverages;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchNetworkTest {
  /** Bytes that a round of steps may add to the process. */
  private static final long MOST_GROWN = 64 << 20;

  private static final ImageShape SHAPE = new ImageShape(3, 8, 8);
  private static final Architecture NETWORK =
      new Architecture(NetworkName.parse("IGC-L3M2+Ident"), Body.STAGES, 8, 4, SHAPE);
  private static final Architecture SHALLOW =
      new Architecture(NetworkName.parse("IGC-L3M2+Ident"), Body.FLAT, 4, 4, SHAPE);

  /** Running averages are moved by two groups at a time. */
  private static final Recipe RECIPE =
      new Recipe(
          1,
          8,
          0.05,
          RateSteps.CIFAR,
          0.9,
          1e-4,
          4,
          0.9,
          NormAverages.WARMED,
          Augmentation.NONE,
          1);

  @Test
  void stepsFreeWhatTheyAllocate() {
    ImageBatch batch = batch(8);
    float[] gradient = new float[8 * 4];
    try (Engine network = Compute.of("torch", "cpu", 1).network(SHALLOW, 8, 4)) {
      Runnable step =
          () -> {
            network.forward(batch, 0.9f);
            network.backward(gradient);
            network.logits(batch);
          };
      assertNothingStays(step);
    }
  }

  @Test
  void trainersFreeWhatTheyAllocate() {
    try (TorchTrainer trainer =
        new TorchTrainer(SHALLOW, Weights.of(SHALLOW), RECIPE, 1, MemoryFormat.CONTIGUOUS, "cpu")) {
      ImageBatch batch = batch(8);
      assertNothingStays(
          () -> {
            trainer.take(batch);
            trainer.step();
            trainer.infer();
          });
    }
  }

  /**
   * The process's memory holds Java's heap too, which may grow once, and more on a busy machine.
   * What steps leave behind grows in every round.
   */
  private static void assertNothingStays(Runnable step) {
    repeat(200, step);
    long objects = Pointer.totalCount();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3 && least >= MOST_GROWN; round++) {
      long bytes = Pointer.physicalBytes();
      repeat(2000, step);
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(objects);
      least = Math.min(least, Pointer.physicalBytes() - bytes);
    }
    assertThat(least).isLessThan(MOST_GROWN);
  }

  private static void repeat(int times, Runnable step) {
    for (int i = 0; i < times; i++) {
      step.run();
    }
  }

  @Test
  void bothMemoryFormatsLearnTheSame() {
    try (TorchTrainer rows = trainer(MemoryFormat.CONTIGUOUS);
        TorchTrainer channels = trainer(MemoryFormat.CHANNELS_LAST)) {
      double first = rows.step();
      assertThat(channels.step()).isCloseTo(first, within(1e-5));
      repeat(20, rows::step);
      repeat(20, channels::step);
      double last = rows.step();
      assertThat(last).isLessThan(first / 2);
      assertThat(channels.step()).isCloseTo(last, within(1e-2));
      assertThat(rows.infer()).hasSize(8 * 4);
    }
  }

  @Test
  void whatATrainerStartsWithIsCopiedBack() {
    Weights weights = weights();
    Weights back = Weights.of(NETWORK);
    try (TorchTrainer trainer =
        new TorchTrainer(NETWORK, weights, RECIPE, 1, MemoryFormat.CHANNELS_LAST, "cpu")) {
      trainer.copyTo(back);
    }
    assertThat(back.values()).isEqualTo(weights.values());
  }

  @Test
  void batchesMayBeShortAndInferenceLeavesTheAveragesAlone() {
    try (Engine network = network(8)) {
      float[] before = network.weights().values().clone();
      assertThat(network.logits(batch(3))).hasSize(3 * 4).doesNotContain(0f);
      assertThat(network.weights().values()).isEqualTo(before);
      assertThatThrownBy(() -> network.backward(new float[12]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> network.logits(batch(9)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a network for 8 images of 3×8×8 cannot take 9 of 3×8×8");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda:", "cuda:-1", "mps", "CPU"})
  void unknownDevicesAreRefused(String device) {
    assertThatThrownBy(() -> Compute.of("torch", device, 1))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the engine torch has no device \"%s\", only cpu, cuda and cuda:N for the GPU of number N",
            device);
  }

  @Test
  void aGpuThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Compute.of("torch", "cuda:99", 1))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("libtorch sees ")
        .hasMessageContaining("so there is no device \"cuda:99\"");
  }

  private static Engine network(int capacity) {
    Engine network = Compute.of("torch", "cpu", 1).network(NETWORK, capacity, 4);
    Initialisation.fill(network.weights(), 1);
    return network;
  }

  private static TorchTrainer trainer(MemoryFormat format) {
    TorchTrainer trainer = new TorchTrainer(NETWORK, weights(), RECIPE, 1, format, "cpu");
    trainer.take(batch(8));
    return trainer;
  }

  private static Weights weights() {
    Weights weights = Weights.of(NETWORK);
    Initialisation.fill(weights, 1);
    return weights;
  }

  private static ImageBatch batch(int images) {
    Random random = new Random(images);
    ImageBatch batch = new ImageBatch(SHAPE, images);
    for (int image = 0; image < images; image++) {
      float[] values = new float[SHAPE.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      batch.put(image, values, image % 4);
    }
    return batch;
  }
}
