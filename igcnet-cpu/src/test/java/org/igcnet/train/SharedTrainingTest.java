package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.Meeting;
import org.igcnet.data.Augmentation;
import org.igcnet.data.Damaged;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trainers that share every batch end with the bits of one that has it for itself. */
@Timeout(120)
class SharedTrainingTest {
  private static final int IMAGES = 200;
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 8, 10);

  /** The last of four batches has 8 images, of the first group of 16 or 32. */
  private static final Splits SHORT_LAST =
      new Splits("few", Shapes.train(1, IMAGES), Shapes.test(1, 50));

  /** What a training came to, without its times; weights and velocities by their SHA-256. */
  private record Outcome(String weights, String velocities, List<List<Double>> epochs) {}

  @Test
  void twoTrainersWithHalfOfEveryBatch() {
    Recipe recipe = recipe(64, 32, NormAverages.WARMED);
    requireSame(recipe, SHORT_LAST, 2);
  }

  @Test
  void fourTrainersWithAQuarterOfEveryBatch() {
    Recipe recipe = recipe(64, 16, NormAverages.ANEW);
    requireSame(recipe, SHORT_LAST, 4);
  }

  @Test
  void threeTrainersOfWhichOneHasNothing() {
    requireSame(recipe(64, 8, NormAverages.MOVED), SHORT_LAST, 3);
  }

  @Test
  void damagedPicturesMoveOthersUpWithinTheirGroup() {
    Splits some = damaged(index -> index % 5 < 2);
    Splits most = damaged(index -> index % 17 != 0);
    for (NormAverages averages : NormAverages.values()) {
      requireSame(recipe(64, 16, averages), some, 4);
      requireSame(recipe(64, 8, averages), most, 2);
      requireSame(recipe(8, 2, averages), most, 4);
    }
  }

  private static Splits damaged(IntPredicate damaged) {
    return new Splits("damaged", new Damaged(SHORT_LAST.train(), damaged), SHORT_LAST.test());
  }

  private static void requireSame(Recipe recipe, Splits splits, int trainers) {
    Outcome alone = trained(recipe, splits, GradientExchange.ALONE);
    assertThat(alone.epochs().getFirst().getFirst()).isPositive();
    for (Outcome shared : together(recipe, splits, Meeting.of(trainers))) {
      assertThat(shared).isEqualTo(alone);
    }
  }

  private static List<Outcome> together(
      Recipe recipe, Splits splits, List<GradientExchange> exchanges) {
    List<Callable<Outcome>> trainings = new ArrayList<>();
    exchanges.forEach(exchange -> trainings.add(() -> trained(recipe, splits, exchange)));
    try (ExecutorService threads = Executors.newFixedThreadPool(exchanges.size())) {
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome : threads.invokeAll(trainings)) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static Outcome trained(Recipe recipe, Splits splits, GradientExchange exchange) {
    try (Trainer trainer =
        Trainer.of(
            NETWORK,
            splits,
            SHORT_LAST.train().normalization(),
            recipe,
            Compute.threads(exchange.rank() + 1),
            exchange)) {
      List<List<Double>> epochs = new ArrayList<>();
      while (!trainer.isDone()) {
        epochs.add(numbers(trainer.epoch(TrainingListener.SILENT, () -> {})));
      }
      return new Outcome(
          sha256(trainer.state().weights().values()), sha256(trainer.state().velocity()), epochs);
    }
  }

  private static List<Double> numbers(EpochMetrics epoch) {
    return List.of(
        epoch.trainLoss(),
        epoch.trainAccuracy(),
        epoch.trainTop5().orElseThrow(),
        epoch.testLoss(),
        epoch.testAccuracy(),
        epoch.testTop5());
  }

  private static String sha256(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void moreTrainersThanGroupsAreRefused() {
    Recipe recipe = recipe(64, 64, NormAverages.ANEW);
    assertThatThrownBy(() -> trained(recipe, SHORT_LAST, Meeting.of(2).getFirst()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("2 trainers cannot share a batch of 64 images of which 64 share");
  }

  private static Recipe recipe(int batchSize, int normImages, NormAverages averages) {
    return Recipe.paper(false, 2, Augmentation.CROP_AND_MIRROR, 1)
        .withBatch(batchSize, normImages)
        .withNormAverages(averages);
  }
}
