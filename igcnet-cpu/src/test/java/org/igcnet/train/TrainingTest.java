package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.OwnImages;
import org.igcnet.data.Picture;
import org.igcnet.data.Splits;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
  private static final ImageShape SHAPE = new ImageShape(3, 8, 8);
  private static final List<String> CLASSES = List.of("dark", "light");

  private final OwnImages train = images(48, 1);
  private final OwnImages test = images(16, 2);
  private final Training training =
      Training.of("IGC-L4M2").depth(5).data(train, test).epochs(2).threads(1);

  @TempDir Path folder;

  @Test
  void inMemoryAndInAFolderItIsTheSameModel() {
    Trained trained = training.run();
    try (TrainingRun run = training.into(folder)) {
      assertThat(run.run(TrainingListener.SILENT).best().testAccuracy())
          .isEqualTo(trained.best().testAccuracy());
    }
    Model kept = ModelFolder.read(folder);
    assertThat(kept.weights().values()).isEqualTo(trained.model().weights().values());
    assertThat(kept.classes()).isEqualTo(CLASSES);
    assertThat(trained.model().origin().data()).startsWith("own:").hasSize(4 + 64);
    trained.save(folder.resolve("alone"));
    assertThat(ModelFolder.read(folder.resolve("alone")).weights().values())
        .isEqualTo(trained.model().weights().values());
  }

  @Test
  void itBeginsWithGivenWeightsOfTheSameNetwork() {
    Model first = training.run().model();
    Training further =
        training.epochs(1).from(first).recipe(recipe -> recipe.withLearningRate(1e-30));
    Model second = further.run().model();
    assertThat(learned(second)).isEqualTo(learned(first));
    try (TrainingRun run = further.into(folder)) {
      run.run(TrainingListener.SILENT);
    }
    assertThat(learned(ModelFolder.read(folder))).isEqualTo(learned(first));
    assertThatThrownBy(() -> training.depth(8).from(first).run())
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.DATA))
        .hasMessageContaining("cannot begin with the weights of");
  }

  /** The stem's weights, which no norm's averages touch. */
  private static List<Float> learned(Model model) {
    int length = model.weights().parameters().getFirst().size();
    return IntStream.range(0, length).mapToObj(i -> model.weights().values()[i]).toList();
  }

  @Test
  void aTrainingIsNotChangedByWhatIsMadeOfIt() {
    training.epochs(9).depth(8);
    assertThat(training.run().last().epoch()).isEqualTo(2);
  }

  @Test
  void onlyTheSameImagesGoOnWithARun() {
    training.into(folder).close();
    Splits others = OwnImages.splits(train, images(16, 3));
    assertThatThrownBy(() -> TrainingRun.resume(folder, others, 1))
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.DATA))
        .hasMessageContaining("is not the data that this run began with");
    assertThatThrownBy(() -> TrainingRun.resume(folder, "cpu", 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a program's own, which has to give them again");
    try (TrainingRun run = TrainingRun.resume(folder, OwnImages.splits(train, test), 1)) {
      assertThat(run.run(TrainingListener.SILENT).last().epoch()).isEqualTo(2);
    }
    assertThat(ModelFolder.read(folder).weights().values())
        .isEqualTo(training.run().model().weights().values());
  }

  @Test
  void picturesBecomeImagesOfOneShape() {
    List<Picture> pictures =
        IntStream.range(0, 4)
            .mapToObj(
                i -> {
                  BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB);
                  IntStream.range(0, 192)
                      .forEach(at -> image.setRGB(at % 16, at / 16, 0x010203 * i));
                  return Picture.of(image);
                })
            .toList();
    OwnImages images = OwnImages.of(SHAPE, CLASSES, pictures, new int[] {0, 1, 0, 1});
    byte[] values = new byte[SHAPE.size()];
    images.read(3, values);
    assertThat(values).startsWith(3, 3).endsWith(9, 9);
    assertThat(images.size()).isEqualTo(4);
    assertThat(images.label(3)).isEqualTo(1);
  }

  @Test
  void imagesThatCannotBeAreRefused() {
    byte[][] one = {new byte[SHAPE.size()]};
    assertRefused(
        () -> OwnImages.of(SHAPE, CLASSES, one, new int[] {2}),
        "image 0 has the label 2, but labels go from 0 to 1");
    assertRefused(
        () -> OwnImages.of(SHAPE, CLASSES, one, new int[] {0, 1}),
        "1 images have 2 labels; there is at least one image, and one label for each");
    assertRefused(
        () -> OwnImages.of(SHAPE, CLASSES, new byte[][] {new byte[5]}, new int[] {0}),
        "image 0 has 5 bytes; those of 3×8×8 have 192");
    OwnImages grey =
        OwnImages.of(new ImageShape(1, 8, 8), CLASSES, new byte[][] {new byte[64]}, new int[1]);
    assertRefused(
        () -> training.data(train, grey),
        "images of 1×8×8 that show dark, light cannot test what is learned from images of 3×8×8 that show dark, light");
  }

  private static void assertRefused(Runnable making, String message) {
    assertThatThrownBy(making::run)
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.DATA))
        .hasMessage(message);
  }

  private static OwnImages images(int count, long seed) {
    Random random = new Random(seed);
    byte[][] images = new byte[count][SHAPE.size()];
    for (int i = 0; i < count; i++) {
      random.nextBytes(images[i]);
      for (int at = 0; at < SHAPE.size(); at++) {
        images[i][at] = (byte) ((images[i][at] & 0x7F) + 100 * (i % 2));
      }
    }
    return OwnImages.of(
        SHAPE, CLASSES, images, IntStream.range(0, count).map(i -> i % 2).toArray());
  }

  @Test
  void layersOfNoModelAreNotFrozen() {
    Training training =
        Training.of("IGC-L2M2").depth(5).recipe(recipe -> recipe.withFrozen(1)).epochs(1);
    assertThatThrownBy(training::run)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("layers that stay as they begin would stay random; ");
  }
}
