package org.igcnet.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;

/** Networks with made-up weights, and pictures of made-up pixels. */
final class Models {
  static final List<String> CLASSES = List.of("cat", "dog", "owl", "ant");

  private Models() {}

  /** Another for each seed. */
  static Model small(long seed) {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, CLASSES.size());
    Weights weights = Weights.of(architecture);
    Random random = new Random(seed);
    for (Parameter parameter : architecture.parameters()) {
      boolean variance = parameter.role() == Parameter.Role.RUNNING_VARIANCE;
      int from = weights.offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        weights.values()[i] =
            (float) (variance ? 1 + random.nextDouble() : 0.3 * random.nextGaussian());
      }
    }
    return new Model(
        architecture,
        CLASSES,
        Framing.WHOLE,
        new Normalization(List.of(120f, 110f, 100f), List.of(60f, 61f, 62f)),
        new Origin("made up", 3, 62.5, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }

  /** A picture in large random blocks. */
  static byte[] png(int width, int height, long seed) {
    return png(blocks(width, height, seed, BufferedImage.TYPE_INT_RGB));
  }

  /** Of a type of {@link BufferedImage}. */
  static BufferedImage blocks(int width, int height, long seed, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(seed);
    for (int y = 0; y < height; y += 8) {
      for (int x = 0; x < width; x += 8) {
        int colour = random.nextInt();
        for (int i = 0; i < 64; i++) {
          if (x + i % 8 < width && y + i / 8 < height) {
            image.setRGB(x + i % 8, y + i / 8, colour);
          }
        }
      }
    }
    return image;
  }

  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
