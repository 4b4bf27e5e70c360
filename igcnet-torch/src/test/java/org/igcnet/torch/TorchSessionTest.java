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
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.train.Initialisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchSessionTest {
  /** Bytes that a round of steps may add to the process. */
  private static final long MOST_GROWN = 8 << 20;

  private static final ImageShape SHAPE = new ImageShape(3, 8, 8);
  private static final Architecture NETWORK =
      new Architecture(NetworkName.parse("IGC-L3M2+Ident"), Body.STAGES, 8, 4, SHAPE);
  private static final Architecture SHALLOW =
      new Architecture(NetworkName.parse("IGC-L3M2+Ident"), Body.FLAT, 4, 4, SHAPE);

  /** Running averages are moved by two groups at a time. */
  private static final Setup SETUP = Setup.alone(NETWORK, 8, 4, Optimiser.of(0.9, 1e-4));

  private static final double RATE = 0.05;

  /** After so many Java's heap grows no more. */
  private static final int MOST_ROUNDS = 12;

  @Test
  void passesOfTheOracleFreeWhatTheyAllocate() {
    ImageBatch batch = batch(8);
    float[] gradient = new float[8 * 4];
    try (TorchNetwork network = new TorchNetwork(SHALLOW, 8, 4, 1, TorchBackend.device("cpu"))) {
      assertNothingStays(
          () -> {
            network.forward(batch, 0.9f);
            network.backward(gradient);
            network.logits(batch);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "WIDE"})
  void sessionsFreeWhatTheyAllocate(Form form) {
    ImageBatch batch = batch(8);
    Setup setup = Setup.alone(SHALLOW, 8, 4, SETUP.optimiser());
    try (TorchSession session = TorchBackend.training(setup, 1, form)) {
      assertNothingStays(
          () -> {
            session.step(batch, RATE, 0.9f);
            session.observe(batch, 24);
            session.logits(batch);
            session.restore(session.state());
          });
    }
  }

  /**
   * The process's memory holds Java's heap too, which grows for a while, and longer on a busy
   * machine. What steps leave behind grows in every round.
   */
  private static void assertNothingStays(Runnable step) {
    repeat(100, step);
    long objects = Pointer.totalCount();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least >= MOST_GROWN; round++) {
      long bytes = Pointer.physicalBytes();
      repeat(300, step);
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

  @ParameterizedTest
  @EnumSource
  void everyFormLearnsTheSame(Form form) {
    try (TorchSession plain = begun(Form.PLAIN);
        TorchSession other = begun(form)) {
      ImageBatch batch = batch(8);
      assertThat(other.logits(batch)).containsExactly(plain.logits(batch), within(1e-5f));
      double first = step(plain, batch);
      assertThat(step(other, batch)).isCloseTo(first, within(1e-5));
      repeat(20, () -> step(plain, batch));
      repeat(20, () -> step(other, batch));
      double last = step(plain, batch);
      assertThat(last).isLessThan(first / 2);
      assertThat(step(other, batch)).isCloseTo(last, within(1e-2));
    }
  }

  private static double step(TorchSession session, ImageBatch batch) {
    return session.step(batch, RATE, 0.9f).meanLoss();
  }

  @Test
  void aSessionGoesOnFromTheStateOfAnother() {
    ImageBatch batch = batch(8);
    try (TorchSession whole = begun(Form.CHANNELS_LAST);
        TorchSession other = begun(Form.CHANNELS_LAST)) {
      whole.step(batch, RATE, 0.9f);
      other.restore(whole.state());
      assertThat(other.state().weights().values()).isEqualTo(whole.state().weights().values());
      assertThat(step(other, batch)).isEqualTo(step(whole, batch));
      assertThat(other.state().velocity()).isEqualTo(whole.state().velocity());
      assertThat(other.state().weights().values()).isEqualTo(whole.state().weights().values());
    }
  }

  @Test
  void aStepLearnsAndAnObservationMovesAveragesAlone() {
    try (TorchSession session = begun(Form.PLAIN)) {
      float[] before = session.state().weights().values().clone();
      assertThat(session.observe(batch(8), 24)).isEqualTo(32);
      float[] observed = session.state().weights().values().clone();
      session.step(batch(8), RATE, 1);
      float[] learned = session.state().weights().values();
      for (Parameter parameter : NETWORK.parameters()) {
        int at = session.state().weights().offset(parameter.name());
        boolean average = !parameter.role().learned();
        assertThat(observed[at] == before[at]).as(parameter.name()).isNotEqualTo(average);
        assertThat(learned[at] == observed[at]).as(parameter.name()).isEqualTo(average);
      }
    }
  }

  @Test
  void batchesMayBeShortAndInferenceLeavesTheAveragesAlone() {
    try (TorchSession session = begun(Form.PLAIN)) {
      float[] before = session.state().weights().values().clone();
      assertThat(session.logits(batch(3))).hasSize(3 * 4).doesNotContain(0f);
      assertThat(session.state().weights().values()).isEqualTo(before);
      assertThatThrownBy(() -> session.logits(batch(9)))
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

  private static TorchSession begun(Form form) {
    TorchSession session = TorchBackend.training(SETUP, 1, form);
    State state = session.state();
    Initialisation.fill(state.weights(), 1);
    session.restore(state);
    return session;
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
