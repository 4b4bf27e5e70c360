package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first lines of a shell that {@code README.md} shows, in a folder with pictures. */
class ReadmeIT {
  @Test
  void theFirstLinesOfTheShellWork(@TempDir Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("work"));
    for (String name : new String[] {"cat", "dog"}) {
      Path pictures = Files.createDirectories(folder.resolve("photos").resolve(name));
      for (int i = 0; i < 6; i++) {
        draw(name.equals("cat") ? 0xff8800 : 0x0088ff, i, pictures.resolve(i + ".png"));
      }
    }
    draw(0xff8800, 9, folder.resolve("cat.png"));
    Launcher launcher = Launcher.in(folder);
    List<String> lines = lines();
    assertThat(lines).hasSize(4);
    for (String line : lines) {
      assertThat(launcher.shell(line.replaceFirst("^\\./igcnet", "\"\\$0\"")).code())
          .as(line)
          .isZero();
    }
    assertThat(folder.resolve("model.onnx")).isNotEmptyFile();
  }

  private static List<String> lines() throws IOException {
    Path home = Path.of(System.getProperty("igcnet.launcher")).resolveSibling("README.md");
    String text = Files.readString(home);
    String block = text.split("\nIn a shell:\n\n```sh\n", 2)[1].split("```", 2)[0];
    return block.lines().toList();
  }

  private static void draw(int colour, int seed, Path file) throws IOException {
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 24 * 24; pixel++) {
      image.setRGB(pixel % 24, pixel / 24, colour - 0x010101 * (pixel * (seed + 3) % 48));
    }
    ImageIO.write(image, "png", file.toFile());
  }
}
