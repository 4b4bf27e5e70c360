package org.igcnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Compute;
import org.igcnet.data.OwnImages;
import org.igcnet.data.Picture;
import org.igcnet.data.Splits;
import org.igcnet.data.Views;
import org.igcnet.model.Evaluation;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.ModelCard;
import org.igcnet.model.ModelFolder;
import org.igcnet.model.Pretrained;
import org.igcnet.train.Schedule;
import org.igcnet.train.Trained;
import org.igcnet.train.Training;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of `docs/library.md`, `docs/recipes.md` and `README.md`, line by line. */
class LibraryExamplesTest {
  @TempDir Path folder;

  private final byte[][] images = new byte[64][8 * 8];
  private final int[] labels = IntStream.range(0, 64).map(i -> i % 2).toArray();
  private OwnImages train;
  private OwnImages test;

  /** Images of stripes, across or along. */
  @BeforeEach
  void draw() {
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      for (int at = 0; at < 64; at++) {
        int stripe = (labels[i] == 0 ? at / 8 : at % 8) / 2 % 2;
        images[i][at] = (byte) (100 * stripe + random.nextInt(60));
      }
    }
    train = OwnImages.of(new ImageShape(1, 8, 8), List.of("across", "along"), images, labels);
    test = train;
  }

  @Test
  void everyExampleOfTheDocumentIsHere() throws IOException {
    String code =
        bare(
            Files.readString(
                Path.of("src", "test", "java", "org", "igcnet", "LibraryExamplesTest.java")));
    List<String> examples =
        new ArrayList<>(examples(Files.readString(Path.of("..", "docs", "library.md"))));
    assertThat(examples).hasSizeGreaterThan(5);
    examples.addAll(examples(Files.readString(Path.of("..", "docs", "recipes.md"))));
    examples.addAll(examples(Files.readString(Path.of("..", "README.md"))));
    for (String example : examples) {
      assertThat(code).contains(bare(example));
    }
  }

  private static List<String> examples(String document) {
    List<String> examples = new ArrayList<>();
    String[] parts = document.split("```", -1);
    for (int i = 1; i < parts.length; i += 2) {
      if (parts[i].startsWith("java\n")) {
        examples.add(parts[i].substring("java\n".length()));
      }
    }
    return examples;
  }

  private static String bare(String text) {
    return text.replaceAll("\\s+", "");
  }

  @Test
  void aRecipeIsChangedAndAModelTuned() {
    Trained trained =
        Training.of("IGC-L4M2")
            .depth(5)
            .data(train, test)
            .epochs(6)
            .recipe(
                recipe ->
                    recipe
                        .withSchedule(Schedule.ONE_CYCLE)
                        .withImages(recipe.images().withLabelSmoothing(0.1).withMixup(0.2))
                        .withAverageDecay(0.9))
            .run();
    assertThat(trained.best().testAccuracy()).isGreaterThan(80);
    Trained tuned =
        Training.fineTuning(trained.model())
            .data(train, test)
            .recipe(recipe -> recipe.withFrozen(2))
            .run();
    int stem = trained.model().weights().offset("stem.conv.weight");
    assertThat(tuned.model().weights().values()[stem])
        .isEqualTo(trained.model().weights().values()[stem]);
    try (ImageClassifier net =
        ImageClassifier.of(tuned.model(), Compute.threads(2), Views.MIRROR)) {
      List<Picture> pictures = List.of(Picture.of(new BufferedImage(9, 9, 1)));
      assertThat(net.classify(pictures)).hasSize(1);
    }
  }

  @Test
  void ownImagesAreLearnedAndClassified() throws IOException {
    OwnImages train =
        OwnImages.of(new ImageShape(1, 8, 8), List.of("across", "along"), images, labels);
    Trained trained = Training.of("IGC-L4M2").depth(5).data(train, test).epochs(6).threads(2).run();
    System.Logger log = System.getLogger("training");
    log.log(System.Logger.Level.DEBUG, "{0} percent", trained.best().testAccuracy());
    trained.save(folder.resolve("model"));
    assertThat(trained.best().testAccuracy()).isGreaterThan(90);

    BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
    IntStream.range(0, 1600)
        .forEach(i -> image.getRaster().setSample(i % 40, i / 40, 0, 30 + i / 400 % 2 * 100));
    Path picture = folder.resolve("a.png");
    ImageIO.write(image, "png", picture.toFile());
    byte[] upload = Files.readAllBytes(picture);
    Path model = folder.resolve("model");

    assertThat(printed(() -> classify(model, picture)))
        .isEqualTo("across" + System.lineSeparator());

    try (ImageClassifier net = ImageClassifier.load(model)) {
      Labels ofBytes = net.classify(upload);
      Labels ofStream = net.classify(new ByteArrayInputStream(upload));
      Labels ofPixels = net.classify(image);
      List<Labels> ofMany = net.classify(List.of(Picture.of(picture), Picture.of(upload)));
      assertThat(ofMany).containsExactly(ofBytes, ofStream).containsOnly(ofPixels);
    }

    try (InputStream description = Files.newInputStream(model.resolve("model.json"));
        InputStream weights = Files.newInputStream(model.resolve("model.safetensors"));
        ImageClassifier net = ImageClassifier.load(description, weights)) {
      assertThat(net.classes()).containsExactly("across", "along");
    }

    try (ImageClassifier net = ImageClassifier.load(model)) {
      assertThat(status(net, upload)).isEqualTo(200);
      assertThat(status(net, new byte[] {1, 2})).isEqualTo(415);
    }
  }

  @Test
  void trainedNetworksAreListedAndClassify() throws IOException {
    System.Logger log = System.getLogger("training");
    for (Pretrained pretrained : Pretrained.all()) {
      ModelCard card = pretrained.card();
      log.log(Level.DEBUG, card.name() + ": " + card.score().accuracy() + "%");
    }
    Path picture = folder.resolve("cat.png");
    ImageIO.write(new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    assertThat(printed(() -> classifyPretrained(picture)).strip())
        .isIn(Pretrained.named("igc-l24m2-d8-cifar10").card().classes());
  }

  private static void classifyPretrained(Path picture) {
    try (ImageClassifier net = ImageClassifier.pretrained("igc-l24m2-d8-cifar10")) {
      IO.println(net.classify(picture).best().name());
    }
  }

  @Test
  void aTrainedNetworkIsTuned() {
    byte[][] coloured = new byte[8][3 * 32 * 32];
    int[] labels = IntStream.range(0, 8).map(i -> i % 2).toArray();
    OwnImages own =
        OwnImages.of(new ImageShape(3, 32, 32), List.of("mine", "yours"), coloured, labels);
    Trained tuned =
        Training.fineTuning(Pretrained.named("igc-l24m2-d8-cifar10").model())
            .data(own, own)
            .epochs(1)
            .threads(2)
            .run();
    assertThat(tuned.model().classes()).containsExactly("mine", "yours");
  }

  private static void classify(Path model, Path picture) {
    try (ImageClassifier net = ImageClassifier.load(model)) {
      Labels labels = net.classify(picture);
      IO.println(labels.best().name());
    }
  }

  private static String printed(Runnable work) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      work.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int status(ImageClassifier net, byte[] upload) {
    try {
      net.classify(upload);
      return 200;
    } catch (UserError refused) {
      return switch (refused.kind()) {
        case PICTURE -> 415;
        case TOO_LARGE -> 413;
        case MEMORY -> 503;
        default -> 500;
      };
    }
  }

  @Test
  void aRunGoesOnAndIsEvaluated() {
    Path run = folder.resolve("run");
    Training training = Training.of("IGC-L4M2").depth(5).data(train, test).epochs(3).threads(2);
    try (TrainingRun running = training.into(run)) {
      running.run(TrainingListener.SILENT);
    }
    Splits same = OwnImages.splits(train, test);
    try (TrainingRun resumed = TrainingRun.resume(run, same, 2)) {
      assertThat(resumed.metrics()).hasSize(3);
    }
    Evaluation evaluation = Evaluation.of(ModelFolder.read(run), test, Compute.threads(2));
    assertThat(evaluation.images()).isEqualTo(64);
  }
}
