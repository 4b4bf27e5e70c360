package org.igcnet.spark;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.igcnet.files.SafetensorsFile;
import org.igcnet.files.Sha256;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.Training;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;

/** Small trainings on pictures, and what they come to. */
final class Runs {
  /** Of a batch of 64: four groups that share norms. */
  private static final int NORM_IMAGES = 16;

  private Runs() {}

  /** A folder of 32×32 pictures of three classes, 60 of each to learn from and 11 to test with. */
  static Path pictures(Path folder) {
    Random random = new Random(1);
    for (String part : List.of("train", "test")) {
      int each = part.equals("train") ? 60 : 11;
      for (int label = 0; label < 3; label++) {
        for (int i = 0; i < each; i++) {
          draw(folder.resolve(part).resolve("class" + label), i, label, random);
        }
      }
    }
    return folder;
  }

  private static void draw(Path folder, int number, int label, Random random) {
    BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setColor(new Color(random.nextInt(1 << 24)));
    pen.fillRect(0, 0, 32, 32);
    pen.setColor(new Color(random.nextInt(1 << 24)));
    pen.fillRect(random.nextInt(16), 4, 4 + 6 * label, 20 - 6 * label);
    pen.dispose();
    try {
      Files.createDirectories(folder);
      ImageIO.write(picture, "png", folder.resolve(number + ".png").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run of so many epochs that has not begun, in a new folder. */
  static Path begun(Path folder, Path pictures, int epochs) {
    Training.of("IGC-L4M2")
        .depth(8)
        .data("folder:%s,size=32".formatted(pictures))
        .epochs(epochs)
        .recipe(recipe -> recipe.withBatch(64, NORM_IMAGES))
        .into(folder)
        .close();
    return folder;
  }

  /** The same, trained to its end by one process. */
  static Path trained(Path folder, Path pictures, int epochs) {
    try (TrainingRun run = TrainingRun.resume(begun(folder, pictures, epochs), 2)) {
      run.run(TrainingListener.SILENT);
    }
    return folder;
  }

  /** SHA-256 of all that the last checkpoint holds but for its times. */
  static String weights(Path run) {
    try (SafetensorsFile file = SafetensorsFile.open(run.resolve("last.safetensors"))) {
      Map<String, FloatBuffer> values = new TreeMap<>();
      file.shapes()
          .forEach(
              (name, shape) ->
                  values.put(
                      name, FloatBuffer.allocate(shape.stream().reduce(1, (a, b) -> a * b))));
      file.read(values);
      StringBuilder all = new StringBuilder();
      values.forEach((name, floats) -> all.append(name).append(Arrays.toString(floats.array())));
      return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What the epochs came to, but for their times. */
  static List<List<Double>> figures(Path run) {
    return RecordedRun.read(run).metrics().stream().map(Runs::figures).toList();
  }

  private static List<Double> figures(EpochMetrics epoch) {
    return List.of(
        epoch.learningRate(),
        epoch.trainLoss(),
        epoch.trainAccuracy(),
        epoch.testLoss(),
        epoch.testAccuracy());
  }
}
