package org.igcnet.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures that are learned from in a moment. */
final class TwoClasses {
  private TwoClasses() {}

  /**
   * Draws eight pictures of 40×32 pixels of each class, {@code dark} and {@code light}, into a
   * folder {@code pictures}.
   */
  static Path in(Path parent) throws IOException {
    Path data = parent.resolve("pictures");
    for (String name : new String[] {"dark", "light"}) {
      Path folder = Files.createDirectories(data.resolve(name));
      for (int i = 0; i < 8; i++) {
        BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 40 * 32; pixel++) {
          image.setRGB(
              pixel % 40, pixel / 40, (name.equals("dark") ? 0x203040 : 0xC0B0A0) + 0x040404 * i);
        }
        ImageIO.write(image, "jpg", folder.resolve(i + ".jpg").toFile());
      }
    }
    return data;
  }
}
