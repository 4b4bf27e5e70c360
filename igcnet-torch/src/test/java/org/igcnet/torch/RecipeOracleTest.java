package org.igcnet.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Compute;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.loss.Target;
import org.junit.jupiter.api.Test;

/** What the paper's recipe leaves off is the same in this project's engine and in libtorch. */
class RecipeOracleTest {
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 5, 5);
  private static final int IMAGES = 12;

  @Test
  void softTargetsAndWeights() {
    compare(Optimiser.of(0.9, 1e-3), Set.of(), 0.05);
  }

  @Test
  void aRateOfItsOwnForGammaAndBeta() {
    compare(Optimiser.of(0.9, 1e-3).withNormRate(4), Set.of(), 0.02);
  }

  @Test
  void shortenedGradients() {
    compare(Optimiser.of(0.9, 1e-3).withGradientLimit(0.1), Set.of(), 0.05);
  }

  @Test
  void frozenStages() {
    Set<String> frozen =
        NETWORK.parametersUpTo(2).stream().map(Parameter::name).collect(Collectors.toSet());
    compare(new Optimiser(0.9, 1e-3, 2, 0.5), frozen, 0.05);
  }

  private static void compare(Optimiser optimiser, Set<String> frozen, double rate) {
    Setup setup =
        new Setup(
            NETWORK, IMAGES, IMAGES, optimiser, frozen, Precision.FLOAT32, GradientExchange.ALONE);
    ImageBatch batch = batch();
    try (TrainingSession ours = Compute.threads(1).training(setup);
        TorchSession theirs = TorchBackend.training(setup, 1, Form.PLAIN)) {
      State begun = State.of(NETWORK);
      fill(NETWORK, begun);
      ours.restore(begun);
      theirs.restore(begun);
      for (int step = 0; step < 3; step++) {
        Score own = ours.step(batch, rate, 0.9f);
        Score other = theirs.step(batch, rate, 0.9f);
        assertThat(own.loss()).isCloseTo(other.loss(), within(1e-3));
        assertThat(own.correct()).isEqualTo(other.correct());
      }
      float[] own = ours.state().weights().values();
      float[] other = theirs.state().weights().values();
      assertThat(own).containsExactly(other, within(2e-4f));
      assertThat(ours.state().velocity()).containsExactly(theirs.state().velocity(), within(2e-3f));
      for (Parameter parameter : NETWORK.parameters()) {
        int at = begun.weights().offset(parameter.name());
        boolean moved = own[at] != begun.weights().values()[at];
        boolean learned = setup.learns(parameter) || parameter.role().isAverage();
        assertThat(moved).as(parameter.name()).isEqualTo(learned);
      }
    }
  }

  private static void fill(Architecture network, State state) {
    Random random = new Random(3);
    for (Parameter parameter : network.parameters()) {
      int from = state.weights().offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        state.weights().values()[i] =
            switch (parameter.role()) {
              case CONVOLUTION, LINEAR -> (float) (0.3 * random.nextGaussian());
              case GAMMA, RUNNING_VARIANCE -> 0.5f + random.nextFloat();
              case BIAS, BETA, RUNNING_MEAN -> (float) (0.1 * random.nextGaussian());
            };
      }
    }
  }

  private static ImageBatch batch() {
    Random random = new Random(4);
    ImageBatch batch = new ImageBatch(NETWORK.input(), IMAGES);
    for (int image = 0; image < IMAGES; image++) {
      float[] values = new float[NETWORK.input().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      Target target = new Target(image % 5, image % 3, 0.7, 0.1, 0.5 + image % 2);
      batch.put(image, image, values, target);
    }
    return batch;
  }

  /** Where maps have one value, a step of one image has one value of each channel. */
  @Test
  void aSingleValueHasNoVariance() {
    Architecture network =
        new Architecture(NetworkName.parse("IGC-L2M1"), Body.STAGES, 5, 5, new ImageShape(3, 4, 4));
    Setup setup = Setup.alone(network, 1, 1, Optimiser.of(0.9, 1e-3));
    ImageBatch batch = new ImageBatch(network.input(), 1);
    float[] values = new float[network.input().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f * i - 2;
    }
    batch.put(0, values, 3);
    try (TrainingSession ours = Compute.threads(1).training(setup);
        TorchSession theirs = TorchBackend.training(setup, 1, Form.PLAIN)) {
      State begun = State.of(network);
      fill(network, begun);
      ours.restore(begun);
      theirs.restore(begun);
      ours.step(batch, 0.05, 0.9f);
      theirs.step(batch, 0.05, 0.9f);
      assertThat(theirs.state().weights().values())
          .containsExactly(ours.state().weights().values(), within(1e-5f));
    }
  }
}
