package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnPicturesTest {
  private final Random random = new Random(1);

  /** Discs and crosses, of any colour, anywhere. */
  @Test
  void learnsAFolderAndGoesOnWithItsRun(@TempDir Path folder) throws IOException {
    Path pictures = folder.resolve("pictures");
    for (String kind : new String[] {"cross", "disc"}) {
      Path at = Files.createDirectories(pictures.resolve(kind));
      for (int i = 0; i < 120; i++) {
        draw(kind, at.resolve(i + ".png"));
      }
    }
    Path run = folder.resolve("run");
    OwnPictures.learn("folder:" + pictures + ",size=32", run);
    OwnPictures.learn("folder:" + pictures + ",size=32", run);
    for (String kind : new String[] {"cross", "disc"}) {
      int right = 0;
      for (int i = 0; i < 10; i++) {
        Path unseen = folder.resolve(kind + i + ".png");
        draw(kind, unseen);
        right += OwnPictures.shown(run, unseen).equals(kind) ? 1 : 0;
      }
      assertEquals(10, right, kind);
    }
  }

  private void draw(String kind, Path file) throws IOException {
    BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(new Color(random.nextInt(256), random.nextInt(256), 255));
    int x = random.nextInt(20);
    int y = random.nextInt(20);
    if (kind.equals("disc")) {
      canvas.fillOval(x, y, 20, 20);
    } else {
      canvas.fillRect(x + 8, y, 4, 20);
      canvas.fillRect(x, y + 8, 20, 4);
    }
    canvas.dispose();
    ImageIO.write(image, "png", file.toFile());
  }
}
