package org.igcnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.data.Picture;
import org.igcnet.data.Views;
import org.igcnet.model.Labels.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageClassifierTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "owl", "ant");

  private final Model model = model("IGC-L4M2", ImageShape.CIFAR);

  @TempDir Path folder;

  @Test
  void eightThreadsGetTheBitsOfOne() throws Exception {
    List<BufferedImage> pictures = pictures(40);
    List<Labels> expected;
    try (ImageClassifier alone = ImageClassifier.of(model, Compute.threads(1))) {
      expected = pictures.stream().map(alone::classify).toList();
    }
    assertThat(expected.stream().map(Labels::all).distinct()).hasSizeGreaterThan(30);
    try (ImageClassifier shared = ImageClassifier.of(model, Compute.threads(3));
        ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<List<Labels>>> answers =
          IntStream.range(0, 8)
              .mapToObj(_ -> callers.submit(() -> pictures.stream().map(shared::classify).toList()))
              .toList();
      for (Future<List<Labels>> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
      assertThat(shared.classify(pictures.stream().map(Picture::of).toList())).isEqualTo(expected);
    }
  }

  /** The picture is as large as the network's images, so that nothing is cut or resized. */
  @Test
  void withSeveralViewsTheAnswerIsTheirMean() {
    BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    BufferedImage mirrored = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int at = 0; at < 1024; at++) {
      int colour = random.nextInt(1 << 24);
      picture.setRGB(at % 32, at / 32, colour);
      mirrored.setRGB(31 - at % 32, at / 32, colour);
    }
    try (ImageClassifier one = ImageClassifier.of(model, Compute.threads(1));
        ImageClassifier both = ImageClassifier.of(model, Compute.threads(1), Views.MIRROR);
        ImageClassifier crops = ImageClassifier.of(model, Compute.threads(1), Views.CROPS)) {
      Labels a = one.classify(picture);
      Labels b = one.classify(mirrored);
      Labels mean = both.classify(picture);
      assertThat(probability(a, "cat")).isNotEqualTo(probability(b, "cat"));
      for (String name : CLASSES) {
        double expected = (probability(a, name) + probability(b, name)) / 2;
        assertThat(probability(mean, name)).isCloseTo(expected, within(1e-6));
        assertThat(probability(both.classify(mirrored), name)).isCloseTo(expected, within(1e-6));
      }
      assertThat(crops.classify(picture).all()).isNotEqualTo(mean.all());
    }
  }

  private static double probability(Labels labels, String name) {
    return labels.all().stream()
        .filter(label -> label.name().equals(name))
        .findFirst()
        .orElseThrow()
        .probability();
  }

  @Test
  void aPictureIsTheSameHoweverItIsGiven() throws IOException {
    BufferedImage image = pictures(1).getFirst();
    byte[] bytes = png(image);
    Path file = Files.write(folder.resolve("a.png"), bytes);
    try (ImageClassifier net = ImageClassifier.of(model)) {
      Labels expected = net.classify(file);
      assertThat(expected.resizing()).hasToString("48×40, its middle 40×40 resized to 32×32");
      assertThat(net.classify(bytes)).isEqualTo(expected);
      assertThat(net.classify(new ByteArrayInputStream(bytes))).isEqualTo(expected);
      assertThat(net.classify(image)).isEqualTo(expected);
      assertThat(net.classify(ImageIO.read(file.toFile()))).isEqualTo(expected);
      assertThat(net.classify(Picture.of(file))).isEqualTo(expected);
    }
  }

  /** Its pixels are those of the larger picture, from a place in the middle on. */
  @Test
  void aPartOfAPictureInMemoryIsJustThatPart() throws IOException {
    BufferedImage whole = new BufferedImage(90, 70, BufferedImage.TYPE_3BYTE_BGR);
    fill(whole, new Random(5));
    BufferedImage part = whole.getSubimage(11, 7, 48, 40);
    try (ImageClassifier net = ImageClassifier.of(model)) {
      assertThat(net.classify(part)).isEqualTo(net.classify(png(part)));
      assertThat(net.classify(part).all()).isNotEqualTo(net.classify(whole).all());
    }
  }

  @Test
  void labelsAreInOrderAndSumToOne() {
    try (ImageClassifier net = ImageClassifier.of(model)) {
      Labels labels = net.classify(pictures(1).getFirst());
      assertThat(labels.all())
          .hasSize(4)
          .isSortedAccordingTo(Comparator.comparingDouble(Label::probability).reversed());
      assertThat(labels.all()).extracting(Label::name).containsExactlyInAnyOrderElementsOf(CLASSES);
      assertThat(labels.all().stream().mapToDouble(Label::probability).sum())
          .isCloseTo(1, within(1e-9));
      assertThat(labels.best()).isEqualTo(labels.all().getFirst());
      assertThat(labels.top(2)).isEqualTo(labels.all().subList(0, 2));
      assertThat(labels.top(9)).isEqualTo(labels.all());
      assertThat(net.classes()).isEqualTo(CLASSES);
      assertThat(net.architecture()).isEqualTo(model.architecture());
      assertThat(net.origin()).isEqualTo(model.origin());
    }
  }

  @Test
  void aModelComesFromAFolderAJarOrTwoStreams() throws IOException {
    BufferedImage image = pictures(1).getFirst();
    ModelFolder.write(folder.resolve("model"), model);
    Labels expected;
    try (ImageClassifier net = ImageClassifier.load(folder.resolve("model"))) {
      expected = net.classify(image);
    }
    Path jar = folder.resolve("app.jar");
    try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Path place = Files.createDirectories(inside.getPath("/nets/a"));
      for (String name : List.of(ModelFolder.DESCRIPTION, ModelFolder.WEIGHTS)) {
        Files.copy(folder.resolve("model").resolve(name), place.resolve(name));
      }
      try (ImageClassifier net = ImageClassifier.load(place, 1)) {
        assertThat(net.classify(image)).isEqualTo(expected);
      }
    }
    try (FileSystem inside = FileSystems.newFileSystem(jar);
        InputStream description = open(inside, ModelFolder.DESCRIPTION);
        InputStream weights = open(inside, ModelFolder.WEIGHTS);
        ImageClassifier net = ImageClassifier.load(description, weights)) {
      assertThat(net.classify(image)).isEqualTo(expected);
    }
  }

  private static InputStream open(FileSystem jar, String name) throws IOException {
    return Files.newInputStream(jar.getPath("/nets/a", name));
  }

  @Test
  void streamsThatAreNoModelAreRefused() throws IOException {
    ModelFolder.write(folder, model);
    byte[] description = Files.readAllBytes(folder.resolve(ModelFolder.DESCRIPTION));
    byte[] weights = Files.readAllBytes(folder.resolve(ModelFolder.WEIGHTS));
    byte[] longer = new byte[50_000_000];
    System.arraycopy(weights, 0, longer, 0, weights.length);
    byte[] other = weights.clone();
    other[other.length - 1] ^= 1;
    assertRefused(description, other, "describes other weights than those given");
    assertRefused(description, longer, "model.safetensors has more bytes than it can need");
    assertRefused(description, new byte[3], "model.safetensors is no sound safetensors file");
    assertRefused(weights, weights, "model.json is no JSON");
  }

  private static void assertRefused(byte[] description, byte[] weights, String reason) {
    assertThatThrownBy(
            () ->
                ImageClassifier.load(
                    new ByteArrayInputStream(description), new ByteArrayInputStream(weights)))
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining(reason);
  }

  @Test
  void whatIsWrongCanBeToldApart() throws IOException {
    try (ImageClassifier net = ImageClassifier.of(model)) {
      Path text = Files.writeString(folder.resolve("a.png"), "no picture");
      assertKind(() -> net.classify(folder.resolve("none.png")), Kind.MISSING);
      assertKind(() -> net.classify(text), Kind.PICTURE);
      assertKind(() -> net.classify(new byte[] {1, 2, 3}), Kind.PICTURE);
      assertKind(() -> net.classify(huge()), Kind.TOO_LARGE);
      assertKind(() -> net.classify(new PipedInputStream()), Kind.ACCESS);
      assertThat(net.classify(pictures(1).getFirst()).all()).hasSize(4);
    }
    assertKind(() -> ImageClassifier.load(folder.resolve("none")), Kind.MISSING);
    assertThatThrownBy(() -> ImageClassifier.load(folder, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 threads compute nothing; there is at least one");
  }

  private static void assertKind(ThrowingCallable call, Kind kind) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(kind))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("--"));
  }

  /** A GIF whose header tells of 65,280 columns and rows. */
  private static byte[] huge() throws IOException {
    byte[] gif = encoded(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED), "gif");
    int picture = HexFormat.of().formatHex(gif).indexOf("2c00000000") / 2;
    gif[picture + 6] = (byte) 0xFF;
    gif[picture + 8] = (byte) 0xFF;
    return gif;
  }

  @Test
  void ofAListTheFirstThatIsRefusedIsNamed() throws IOException {
    Path good = Files.write(folder.resolve("a.png"), png(pictures(1).getFirst()));
    List<Picture> list =
        List.of(
            Picture.of(good),
            Picture.of(folder.resolve("b.png")),
            Picture.of(folder.resolve("c.png")));
    try (ImageClassifier net = ImageClassifier.of(model)) {
      assertThatThrownBy(() -> net.classify(list))
          .isInstanceOf(UserError.class)
          .hasMessage(folder.resolve("b.png") + " does not exist");
    }
  }

  @Test
  void whileItIsClosedCallsEndWellOrAreRefused() throws Exception {
    List<BufferedImage> pictures = pictures(10);
    ImageClassifier net = ImageClassifier.of(model, Compute.threads(2));
    List<Labels> expected = pictures.stream().map(net::classify).toList();
    CountDownLatch under = new CountDownLatch(4);
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> ends = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        ends.add(callers.submit(() -> untilClosed(net, pictures, expected, under)));
      }
      under.await();
      net.close();
      for (Future<Integer> end : ends) {
        assertThat(end.get()).isPositive();
      }
    }
    assertThatThrownBy(() -> net.classify(pictures.getFirst()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the classifier is closed, so it can classify nothing more");
    net.close();
  }

  /** The number of right answers before the refusal. */
  private static int untilClosed(
      ImageClassifier net,
      List<BufferedImage> pictures,
      List<Labels> expected,
      CountDownLatch under) {
    for (int answers = 0; ; answers++) {
      try {
        int picture = answers % pictures.size();
        assertThat(net.classify(pictures.get(picture))).isEqualTo(expected.get(picture));
        if (answers == 0) {
          under.countDown();
        }
      } catch (IllegalStateException closed) {
        return answers;
      }
    }
  }

  /** ITU-R BT.601: 0.299·200 + 0.587·100 + 0.114·50 = 124.2. */
  @Test
  void aGreyNetworkSeesTheGreyOfColours() throws IOException {
    Model grey = model("IGC-L4M2", new ImageShape(1, 16, 16));
    BufferedImage colours = plain(200, 100, 50);
    try (ImageClassifier net = ImageClassifier.of(grey)) {
      Labels labels = net.classify(colours);
      assertThat(net.classify(png(colours))).isEqualTo(labels);
      assertThat(net.classify(plain(124, 124, 124))).isEqualTo(labels);
      assertThat(net.classify(plain(100, 100, 100))).isNotEqualTo(labels);
      BufferedImage stored = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
      IntStream.range(0, 400).forEach(i -> stored.getRaster().setSample(i % 20, i / 20, 0, 124));
      assertThat(net.classify(stored)).isEqualTo(labels);
    }
  }

  private static BufferedImage plain(int red, int green, int blue) {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    IntStream.range(0, 400)
        .forEach(i -> image.setRGB(i % 20, i / 20, red << 16 | green << 8 | blue));
    return image;
  }

  private static List<BufferedImage> pictures(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            index -> {
              BufferedImage image = new BufferedImage(48, 40, BufferedImage.TYPE_INT_RGB);
              fill(image, new Random(index));
              return image;
            })
        .toList();
  }

  /** Patches of eight by eight pixels. */
  private static void fill(BufferedImage image, Random random) {
    int[] colours = random.ints(200, 0, 1 << 24).toArray();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, colours[y / 8 * 12 + x / 8]);
      }
    }
  }

  private static byte[] png(BufferedImage image) throws IOException {
    return encoded(image, "png");
  }

  private static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  /** Of random weights. */
  private static Model model(String network, ImageShape shape) {
    Architecture architecture =
        new Architecture(NetworkName.parse(network), Body.STAGES, 8, CLASSES.size(), shape);
    Weights weights = Weights.of(architecture);
    Random random = new Random(1);
    for (Parameter parameter : architecture.parameters()) {
      boolean variance = parameter.role() == Parameter.Role.RUNNING_VARIANCE;
      int from = weights.offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        weights.values()[i] =
            (float) (variance ? 1 + random.nextDouble() : 0.3 * random.nextGaussian());
      }
    }
    List<Float> of = Collections.nCopies(shape.channels(), 100f);
    return new Model(
        architecture,
        CLASSES,
        Framing.WHOLE,
        new Normalization(of, of),
        new Origin("own", 1, 50, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }
}
