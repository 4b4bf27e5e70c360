import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Writes the first classes of CIFAR-100 as folders of pictures, a few of each to learn from and all
 * test images, for the example of fine-tuning in docs/recipes.md.
 *
 * <pre>
 *   java build/CifarFolder.java DIR/cifar-100-binary OUT 10 20
 * </pre>
 */
final class CifarFolder {
  private static final int SIDE = 32;
  private static final int PIXELS = SIDE * SIDE;

  /** Two labels, then red, green and blue. */
  private static final int RECORD = 2 + 3 * PIXELS;

  private static final int TESTED = 100;

  private CifarFolder() {}

  public static void main(String[] words) throws IOException {
    if (words.length != 4) {
      System.err.println(
          "usage: java build/CifarFolder.java CIFAR-100-BINARY OUT CLASSES PICTURES");
      System.exit(2);
    }
    Path from = Path.of(words[0]);
    Path to = Path.of(words[1]);
    int classes = Integer.parseInt(words[2]);
    List<String> names = Files.readAllLines(from.resolve("fine_label_names.txt"));
    write(
        from.resolve("train.bin"),
        to.resolve("train"),
        names.subList(0, classes),
        Integer.parseInt(words[3]));
    write(from.resolve("test.bin"), to.resolve("test"), names.subList(0, classes), TESTED);
  }

  private static void write(Path images, Path folder, List<String> names, int most)
      throws IOException {
    int[] written = new int[names.size()];
    try (InputStream in = Files.newInputStream(images)) {
      for (byte[] image = in.readNBytes(RECORD);
          image.length == RECORD;
          image = in.readNBytes(RECORD)) {
        int label = image[1];
        if (label < names.size() && written[label] < most) {
          Path of = Files.createDirectories(folder.resolve(names.get(label)));
          Path file = of.resolve("%03d.png".formatted(++written[label]));
          ImageIO.write(picture(image), "png", file.toFile());
        }
      }
    }
  }

  private static BufferedImage picture(byte[] image) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int at = 0; at < PIXELS; at++) {
      int colour = 0;
      for (int channel = 0; channel < 3; channel++) {
        colour = colour << 8 | image[2 + channel * PIXELS + at] & 0xFF;
      }
      picture.setRGB(at % SIDE, at / SIDE, colour);
    }
    return picture;
  }
}
