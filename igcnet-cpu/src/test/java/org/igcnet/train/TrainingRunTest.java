package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.igcnet.ConcurrentTest;
import org.igcnet.Threads;
import org.igcnet.Threads.Started;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.data.Augmentation;
import org.igcnet.data.PictureFiles;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.data.StoredImages;
import org.igcnet.model.Evaluation;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.Labels.Label;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.TrainingRun.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings of small networks on a few built-in pictures. */
class TrainingRunTest {
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 5, 10);
  private static final Splits DATA = new Splits("few", Shapes.train(1, 150), Shapes.test(1, 70));

  /** Five batches an epoch, the last of 22 images, statistics over 16. */
  private static final Recipe RECIPE =
      Recipe.paper(true, 2, Augmentation.CROP_AND_MIRROR, 5).withBatch(32, 16);

  private static final List<String> FILES =
      List.of("run.json", "last.safetensors", "model.json", "model.safetensors");

  /** An uninterrupted training on one thread. */
  @TempDir static Path whole;

  @TempDir Path folder;

  /** What a listener throws in place of a kill. */
  private static final class Killed extends RuntimeException {}

  @BeforeAll
  static void trainWhole() {
    train(whole, 1);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "4, true", "5, true", "6, true", "9, true", "3, false", "8, false"})
  void aKilledTrainingResumesToTheSameBytes(int steps, boolean checkpointEachBatch)
      throws IOException {
    Path killed = folder.resolve("killed");
    Duration interval = checkpointEachBatch ? Duration.ZERO : Duration.ofHours(1);
    try (TrainingRun run = TrainingRun.start(killed, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      assertThatThrownBy(() -> run.run(killingAfter(steps), interval)).isInstanceOf(Killed.class);
    }
    try (TrainingRun run = TrainingRun.resume(killed, DATA, 2)) {
      run.run(TrainingListener.SILENT);
    }
    assertSameFiles(killed, whole);
    assertThat(lines(killed)).hasSize(2);
  }

  @Test
  void aTrainingKilledInEveryStepResumesToTheSameBytes() throws IOException {
    Path killed = folder.resolve("killed");
    TrainingRun.start(killed, NETWORK, DATA, RECIPE, Compute.threads(1)).close();
    for (int resumed = 0; resumed < 10; resumed++) {
      try (TrainingRun run = TrainingRun.resume(killed, DATA, 1)) {
        run.run(killingAfter(2), Duration.ZERO);
      } catch (Killed again) {
        assertThat(killed.resolve("last.safetensors")).exists();
      }
    }
    try (TrainingRun run = TrainingRun.resume(killed, DATA, 1)) {
      run.run(TrainingListener.SILENT);
    }
    assertSameFiles(killed, whole);
  }

  /** Six batches an epoch of encoded pictures, one of them damaged, on any number of cores. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 6, 9})
  void aKilledTrainingOnPicturesResumesToTheSameBytes(int steps) throws IOException {
    Path pictures = PictureFiles.folder(folder.resolve("pictures"), 3, 8);
    Files.writeString(pictures.resolve("b/003.jpg"), "I am no picture.");
    Splits data = Splits.open("folder:" + pictures + ",size=16,held-out=0");
    Architecture network =
        new Architecture(NetworkName.parse("IGC-L4M2"), Body.STAGES, 5, 3, data.train().shape());
    Recipe recipe = Recipe.paper(true, 2, Augmentation.SCALE_AND_MIRROR, 5).withBatch(4, 4);
    Path uninterrupted = folder.resolve("uninterrupted");
    List<String> skipped = new ArrayList<>();
    TrainingListener collecting =
        new TrainingListener() {
          @Override
          public void skipped(String sentence) {
            skipped.add(sentence);
          }

          @Override
          public void batch(BatchProgress progress) {}

          @Override
          public void epoch(EpochMetrics metrics, boolean best) {}
        };
    try (TrainingRun run =
        TrainingRun.start(uninterrupted, network, data, recipe, Compute.threads(2))) {
      assertThat(run.batchesPerEpoch()).isEqualTo(6);
      run.run(collecting);
    }
    assertThat(skipped).as("in training and in test, twice").hasSize(4);
    assertThat(skipped.getFirst()).contains("003.jpg is no picture");
    Path killed = folder.resolve("killed");
    try (TrainingRun run = TrainingRun.start(killed, network, data, recipe, Compute.threads(1))) {
      assertThatThrownBy(() -> run.run(killingAfter(steps), Duration.ZERO))
          .isInstanceOf(Killed.class);
    }
    try (TrainingRun run = TrainingRun.resume(killed, "cpu", 1)) {
      run.run(TrainingListener.SILENT);
    }
    assertSameFiles(killed, uninterrupted, "pictures.txt");
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() throws IOException {
    train(folder, 2);
    assertSameFiles(folder, whole);
  }

  @Test
  void theListenerHearsEveryBatchAndEpoch() {
    List<TrainingListener.BatchProgress> batches = new ArrayList<>();
    List<EpochMetrics> epochs = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batch(BatchProgress progress) {
            batches.add(progress);
          }

          @Override
          public void epoch(EpochMetrics metrics, boolean best) {
            epochs.add(metrics);
          }
        };
    Outcome outcome;
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      outcome = run.run(listener);
      assertThat(run.metrics()).isEqualTo(epochs);
    }
    assertThat(batches).hasSize(10);
    assertThat(batches.get(6).epoch()).isEqualTo(2);
    assertThat(batches.get(6).batch()).isEqualTo(2);
    assertThat(batches.get(6).batches()).isEqualTo(5);
    assertThat(batches).allSatisfy(b -> assertThat(b.imagesPerSecond()).isPositive());
    assertThat(batches.getLast().secondsLeft()).isZero();
    assertThat(epochs).extracting(EpochMetrics::step).containsExactly(5L, 10L);
    assertThat(epochs).extracting(EpochMetrics::learningRate).containsExactly(0.1, 0.0001);
    assertThat(epochs)
        .allSatisfy(
            line ->
                assertThat(line.trainTop5().orElseThrow()).isBetween(line.trainAccuracy(), 100.0));
    assertThat(outcome.last()).isEqualTo(epochs.getLast());
  }

  @Test
  void theRunFolderIsAModelFolderOfTheBestEpoch() {
    Outcome outcome = train(folder, 1);
    Model model = ModelFolder.read(folder);
    assertThat(model.architecture()).isEqualTo(NETWORK);
    assertThat(model.origin().epochs()).isEqualTo(outcome.best().epoch());
    assertThat(model.origin().recipe())
        .containsEntry("batchSize", 32)
        .extractingByKey("images", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("augmentation", "CROP_AND_MIRROR")
        .containsEntry("mirroring", "RANDOM");
    Evaluation evaluation = Evaluation.of(model, DATA.test(), Compute.threads(1));
    assertThat(evaluation.images()).isEqualTo(70);
    assertThat(evaluation.accuracy()).isEqualTo(outcome.best().testAccuracy());
    assertThat(evaluation.top5()).isEqualTo(outcome.best().testTop5());
  }

  @Test
  void aFinishedTrainingHasNothingToResume() throws IOException {
    Outcome outcome = train(folder, 1);
    byte[] before = Files.readAllBytes(folder.resolve("last.safetensors"));
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.run(killingAfter(1))).isEqualTo(outcome);
    }
    assertThat(Files.readAllBytes(folder.resolve("last.safetensors"))).isEqualTo(before);
  }

  @Test
  void otherRateStepsAreKeptByTheRun() {
    Recipe recipe = RECIPE.withRateSteps(RateSteps.parse("1/5,7/10", 2));
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, recipe, Compute.threads(1))) {
      assertThatThrownBy(() -> run.run(killingAfter(6), Duration.ZERO)).isInstanceOf(Killed.class);
    }
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.recipe().schedule().decline()).hasToString("1/5,7/10");
      run.run(TrainingListener.SILENT);
      assertThat(run.metrics()).extracting(EpochMetrics::learningRate).containsExactly(0.01, 0.001);
    }
    assertThat(ModelFolder.read(folder).origin().recipe())
        .containsEntry("schedule", Map.of("decline", "1/5,7/10", "warmUp", 0.0));
  }

  @Test
  void linesAfterTheCheckpointAreWrittenAgain() throws IOException {
    train(folder, 1);
    Files.writeString(
        folder.resolve("metrics.jsonl"),
        Files.readString(folder.resolve("metrics.jsonl")) + "{\"epoch\":3,\"st");
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.metrics()).hasSize(2);
    }
    assertThat(lines(folder)).hasSize(2);
  }

  @Test
  void aFolderThatHoldsARunIsNotStartedAgain() {
    TrainingRun.start(folder.resolve("a"), NETWORK, DATA, RECIPE, Compute.threads(1)).close();
    assertThatThrownBy(
            () -> TrainingRun.start(folder.resolve("a"), NETWORK, DATA, RECIPE, Compute.threads(1)))
        .hasMessage(
            "%s already holds a run; choose a new folder, or go on with that run"
                .formatted(folder.resolve("a")))
        .isInstanceOfSatisfying(
            RunExists.class, run -> assertThat(run.folder()).isEqualTo(folder.resolve("a")));
    assertThatThrownBy(() -> TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.threads(1)))
        .isInstanceOf(UserError.class)
        .hasMessage(folder + " is not empty; a run needs a new or empty folder");
    assertThat(folder.resolve(".lock")).doesNotExist();
  }

  @Test
  void aSecondTrainingInTheSameFolderIsRefused() {
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      assertThat(run.metrics()).isEmpty();
      assertThatThrownBy(() -> TrainingRun.resume(folder, DATA, 1))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("is being trained by another process");
    }
    TrainingRun.resume(folder, DATA, 1).close();
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesNoFolder() {
    Architecture hundred = Architecture.cifar("IGC-L4M2", 5, 100);
    Path fresh = folder.resolve("fresh");
    assertThatThrownBy(() -> TrainingRun.start(fresh, hundred, DATA, RECIPE, Compute.threads(1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot learn few, which has 10 classes");
    assertThat(fresh).doesNotExist();
    assertThatThrownBy(() -> TrainingRun.resume(fresh, "cpu", 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no run to resume");
  }

  @Test
  void otherDataIsRefused() {
    train(folder, 1);
    Splits other = new Splits("other", Shapes.train(2, 150), DATA.test());
    assertThatThrownBy(() -> TrainingRun.resume(folder, other, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("other is not the data that this run began with");
  }

  @Test
  void damagedFilesAreRefusedAndTheFolderIsFreedAgain() throws IOException {
    train(folder, 1);
    Path checkpoint = folder.resolve("last.safetensors");
    byte[] whole = Files.readAllBytes(checkpoint);
    byte[] damaged = whole.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(checkpoint, damaged);
    assertResumeRefused(checkpoint + " is damaged: its SHA-256");
    Files.write(checkpoint, whole);
    Files.writeString(folder.resolve("metrics.jsonl"), "");
    assertResumeRefused("has 0 lines, but the checkpoint is of epoch 2");
    Path description = folder.resolve("run.json");
    String text = Files.readString(description);
    Files.writeString(description, text.replace("\"batchSize\" : 32", "\"batchSize\" : 0"));
    assertResumeRefused("the batch size is 0; it must be from 1 to 65536");
  }

  @Test
  void filesOfAnotherRunAreRefused() throws IOException {
    Recipe seven = RECIPE.withSeed(7);
    Path other = folder.resolve("other");
    try (TrainingRun run = TrainingRun.start(other, NETWORK, DATA, seven, Compute.threads(1))) {
      run.run(TrainingListener.SILENT);
    }
    Path own = folder.resolve("own");
    assertResumeRefused(
        swapped(own, other, "last.safetensors"),
        "last.safetensors belongs to another run than the run.json beside it");
    assertResumeRefused(
        swapped(own, other, "run.json"),
        "last.safetensors belongs to another run than the run.json beside it");
    assertResumeRefused(
        swapped(own, other, "metrics.jsonl"),
        "last.safetensors belongs to other epochs than the metrics.jsonl beside it tells of");
  }

  /** A copy of the whole training with one file of another. */
  private static Path swapped(Path own, Path other, String file) throws IOException {
    Files.createDirectories(own);
    for (String name : List.of("run.json", "metrics.jsonl", "last.safetensors")) {
      Files.copy(
          (name.equals(file) ? other : whole).resolve(name),
          own.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return own;
  }

  @Test
  void aChangedSeedIsRefused() throws IOException {
    train(folder, 1);
    Path description = folder.resolve("run.json");
    Files.writeString(
        description, Files.readString(description).replace("\"seed\" : 5", "\"seed\" : 6"));
    assertResumeRefused("belongs to another run than the run.json beside it, or that was changed");
  }

  @Test
  void aLostCheckpointIsRefusedUnlessItWasNotWrittenYet() throws IOException {
    train(folder, 1);
    Files.delete(folder.resolve("last.safetensors"));
    assertResumeRefused(
        folder.resolve("last.safetensors")
            + " is missing, though 2 epochs are done, as metrics.jsonl says");
    Path metrics = folder.resolve("metrics.jsonl");
    Files.writeString(metrics, lines(folder).getFirst() + "\n");
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.remarks())
          .containsExactly(
              folder.resolve("last.safetensors") + " is not there yet: the run begins anew");
      run.run(TrainingListener.SILENT);
    }
    assertSameFiles(folder, whole);
  }

  @Test
  void aFolderThatIsRemovedOrReplacedMeanwhileStopsTheTraining() throws IOException {
    Path run = folder.resolve("run");
    assertStoppedByChange(
        run, () -> delete(run), run.resolve("run.json") + " is gone: the run folder");
    assertThat(run).doesNotExist();
    assertStoppedByChange(
        run,
        () ->
            Files.copy(
                whole.resolve("model.json"),
                run.resolve("run.json"),
                StandardCopyOption.REPLACE_EXISTING),
        run + " holds another run than the one that is being trained");
  }

  private interface Change {
    void apply() throws IOException;
  }

  private static void assertStoppedByChange(Path folder, Change change, String reason) {
    TrainingListener changing =
        new TrainingListener() {
          @Override
          public void batch(BatchProgress progress) {
            if (progress.epoch() == 1 && progress.batch() == 3) {
              try {
                change.apply();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }

          @Override
          public void epoch(EpochMetrics metrics, boolean best) {}
        };
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      assertThatThrownBy(() -> run.run(changing))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(reason);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Test
  void aFolderInWhichNoBeginningCameToItsEndIsAsGoodAsEmpty() throws IOException {
    Files.writeString(folder.resolve("run.json.new"), "{\"format\" : \"igc");
    Files.createFile(folder.resolve(".lock"));
    train(folder, 1);
    assertSameFiles(folder, whole);
  }

  @Test
  void vectorsOfAnotherWidthAreToldOf() throws IOException {
    Files.createDirectories(folder);
    Path description = folder.resolve("run.json");
    String text = Files.readString(whole.resolve("run.json"));
    assertThat(text).contains("\"lanes\" : %d".formatted(Lanes.COUNT));
    Files.writeString(description, text.replace("\"lanes\" : " + Lanes.COUNT, "\"lanes\" : 2"));
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.remarks().getFirst())
          .startsWith(
              "the run began with vectors of 2 numbers and goes on with vectors of %d numbers: its weights"
                  .formatted(Lanes.COUNT));
    }
  }

  @Test
  void theNetworkLearnsAndTheClassifierKnowsIt() throws IOException {
    Splits data = new Splits("stripes", new Stripes(256, 1), new Stripes(100, 2));
    Architecture network =
        new Architecture(NetworkName.parse("IGC-L4M2"), Body.STAGES, 5, 3, data.test().shape());
    Recipe recipe = Recipe.paper(true, 8, Augmentation.NONE, 5).withBatch(32, 32);
    Path run = folder.resolve("run");
    try (TrainingRun training = TrainingRun.start(run, network, data, recipe, Compute.threads(2))) {
      Outcome outcome = training.run(TrainingListener.SILENT);
      assertThat(outcome.last().trainLoss()).isLessThan(0.1);
      assertThat(outcome.best().testAccuracy()).isGreaterThan(95);
    }
    BufferedImage image = new BufferedImage(40, 80, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 80; y++) {
      for (int x = 0; x < 40; x++) {
        image.setRGB(x, y, y / 5 % 2 == 0 ? 0x404040 : 0x808080);
      }
    }
    Path file = folder.resolve("stripes.png");
    ImageIO.write(image, "png", file.toFile());
    try (ImageClassifier classifier = ImageClassifier.load(run, 1)) {
      Labels said = classifier.classify(file);
      assertThat(said.resizing()).hasToString("40×80, its middle 40×40 resized to 8×8");
      assertThat(said.all())
          .hasSize(3)
          .isSortedAccordingTo(Comparator.comparingDouble(Label::probability).reversed());
      assertThat(said.best().name()).isEqualTo("across");
      assertThat(said.all().stream().mapToDouble(Label::probability).sum())
          .isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void theDataIsOpenedByItsName() {
    TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.threads(1)).close();
    assertThatThrownBy(() -> TrainingRun.resume(folder, "cpu", 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("unknown data 'few'");
  }

  @Test
  void aLossThatIsNoNumberStopsTheTraining() {
    Recipe wild =
        Recipe.paper(true, 3, Augmentation.NONE, 5)
            .withBatch(32, 32)
            .withLearningRate(1000)
            .withMomentum(0.99)
            .withWeightDecay(0.5);
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, wild, Compute.threads(1))) {
      assertThatThrownBy(() -> run.run(TrainingListener.SILENT))
          .isInstanceOf(UserError.class)
          .hasMessageMatching(
              "the loss became NaN in batch [1-5] of epoch [1-3]; a smaller learning rate than 1000.0 may help");
    }
    assertThat(ownThreads()).isEmpty();
  }

  /** Asked before the first step, within an epoch, in its last step, and in the very last. */
  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, 1, 1", "5, 5, 1", "7, 2, 2", "10, 5, 2"})
  void aStoppedTrainingResumesToTheSameBytes(int steps, int batch, int epoch) throws IOException {
    Path stopped = folder.resolve("stopped");
    try (TrainingRun run = TrainingRun.start(stopped, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      if (steps == 0) {
        run.stop();
      }
      assertThatThrownBy(() -> run.run(doingAfter(steps, run::stop), Duration.ofHours(1)))
          .isInstanceOf(TrainingRun.Stopped.class)
          .hasMessage("the training stopped after batch %d of 5 in epoch %d", batch, epoch);
    }
    assertThat(ownThreads()).isEmpty();
    finish(stopped);
    assertSameFiles(stopped, whole);
  }

  @Test
  void aTestThatIsUnderWayIsGivenUpAndDoneByTheResume() throws IOException {
    Path stopped = folder.resolve("stopped");
    AtomicReference<@Nullable TrainingRun> training = new AtomicReference<>();
    AtomicInteger predicted = new AtomicInteger();
    Compute watched =
        new Compute(
            new WatchedEngine(
                _ -> {
                  predicted.incrementAndGet();
                  Objects.requireNonNull(training.get()).stop();
                }),
            Compute.CPU,
            1);
    try (TrainingRun run = TrainingRun.start(stopped, NETWORK, DATA, RECIPE, watched)) {
      training.set(run);
      assertThatThrownBy(() -> run.run(TrainingListener.SILENT))
          .isInstanceOf(TrainingRun.Stopped.class)
          .hasMessage("the training stopped after batch 5 of 5 in epoch 1");
    }
    assertThat(predicted).as("batches of three").hasValue(1);
    finish(stopped);
    assertSameFiles(stopped, whole);
  }

  @Test
  void aTrainingThatIsAskedToStopAtItsEndHasFinished() throws IOException {
    Path done = folder.resolve("done");
    try (TrainingRun run = TrainingRun.start(done, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      TrainingListener stopping =
          new TrainingListener() {
            @Override
            public void batch(BatchProgress progress) {}

            @Override
            public void epoch(EpochMetrics metrics, boolean best) {
              if (metrics.epoch() == RECIPE.epochs()) {
                run.stop();
              }
            }
          };
      assertThat(run.run(stopping).last().epoch()).isEqualTo(2);
    }
    assertSameFiles(done, whole);
  }

  private static void finish(Path folder) {
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 2)) {
      assertThat(run.remarks()).isEmpty();
      run.run(TrainingListener.SILENT);
    }
  }

  @ConcurrentTest
  void runsThatBeginAtOnceGetFoldersOfTheirOwn() throws InterruptedException {
    Path wanted = folder.resolve("below/run");
    CountDownLatch go = new CountDownLatch(1);
    Set<Path> folders = ConcurrentHashMap.newKeySet();
    List<Started> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          Threads.start(
              () -> {
                Threads.pass(go);
                try (RunFolder made = RunFolder.createNew(wanted)) {
                  folders.add(made.path());
                }
              }));
    }
    go.countDown();
    for (Started thread : threads) {
      thread.finish();
    }
    assertThat(folders)
        .containsExactlyInAnyOrder(
            wanted, wanted.resolveSibling("run-2"), wanted.resolveSibling("run-3"));
  }

  @Test
  void aTestLossThatIsNoNumberIsOfTheEpochAndOfNoBatch() {
    Compute wild =
        new Compute(new WatchedEngine(logits -> Arrays.fill(logits, Float.NaN)), Compute.CPU, 1);
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, RECIPE, wild)) {
      assertThatThrownBy(() -> run.run(TrainingListener.SILENT))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "the test loss became NaN after epoch 1; a smaller learning rate than 0.1 may help");
    }
  }

  @Test
  void aTrainingThatCannotBeginLeavesNoThreads() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.createDirectory(taken.resolve("run.json.new"));
    assertThatThrownBy(() -> TrainingRun.start(taken, NETWORK, DATA, RECIPE, Compute.threads(3)))
        .isInstanceOf(UserError.class);
    assertThat(ownThreads()).isEmpty();
  }

  private static Outcome train(Path folder, int threads) {
    try (TrainingRun run =
        TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.threads(threads))) {
      return run.run(TrainingListener.SILENT);
    }
  }

  private static TrainingListener killingAfter(int steps) {
    return doingAfter(
        steps,
        () -> {
          throw new Killed();
        });
  }

  private static TrainingListener doingAfter(int steps, Runnable what) {
    return new TrainingListener() {
      private int left = steps;

      @Override
      public void batch(BatchProgress progress) {
        if (--left == 0) {
          what.run();
        }
      }

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {}
    };
  }

  private void assertResumeRefused(String reason) {
    assertResumeRefused(folder, reason);
  }

  private static void assertResumeRefused(Path folder, String reason) {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> TrainingRun.resume(folder, DATA, 3))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(reason);
      assertThat(ownThreads()).isEmpty();
    }
  }

  /** Those of the engine and of the data, by name. */
  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("igcnet-") || name.equals("batches"))
        .toList();
  }

  /**
   * @param more files that a run of such data has
   */
  private static void assertSameFiles(Path folder, Path expected, String... more)
      throws IOException {
    for (String file : FILES) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
    }
    List<String> names = new ArrayList<>(FILES);
    names.addAll(List.of(".lock", "metrics.jsonl"));
    names.addAll(List.of(more));
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  private static List<String> lines(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("metrics.jsonl"));
  }

  /** Noise with stripes across, down or nowhere, which a network learns in seconds. */
  private record Stripes(int size, long seed) implements StoredImages {
    @Override
    public ImageShape shape() {
      return new ImageShape(3, 8, 8);
    }

    @Override
    public List<String> classes() {
      return List.of("across", "down", "nowhere");
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public void read(int index, byte[] values) {
      Random random = new Random(seed << 32 | index);
      for (int i = 0; i < values.length; i++) {
        int place = List.of(i / 8, i, 0).get(label(index)) + index / 3;
        values[i] = (byte) (random.nextInt(128) + place % 2 * 64);
      }
    }
  }
}
