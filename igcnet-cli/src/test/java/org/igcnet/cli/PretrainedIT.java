package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.igcnet.files.Safetensors;
import org.igcnet.files.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The trained networks that come with the program, as a user has them. */
class PretrainedIT {
  private static final String NAME = "igc-l24m2-d8-cifar10";

  /** Where the jar's files lie before they are packed. */
  private static final Path SHIPPED =
      Path.of("..", "igcnet-models", "src", "main", "resources", "org", "igcnet", "models", NAME)
          .toAbsolutePath()
          .normalize();

  @TempDir private Path parent;
  private Path picture;
  private Launcher launcher;

  @BeforeEach
  void draw() throws IOException {
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
    picture = draw(parent.resolve("cat.png"), 90);
  }

  private static Path draw(Path file, int shade) throws IOException {
    BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 40 * 32; pixel++) {
      image.setRGB(pixel % 40, pixel / 40, pixel * 37 % 128 << 16 | shade << 8 | pixel % 200);
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static JsonNode card() {
    return JsonMapper.shared().readTree(SHIPPED.resolve("card.json").toFile());
  }

  @Test
  void theyAreListedWithTheirCards() throws IOException {
    JsonNode card = card();
    assertThat(launcher.run("models").succeeded().out())
        .startsWith("name ")
        .containsPattern(
            "(?m)^%s +IGC-L24M2 +8 +cifar10 +%.2f%% +47,002 +204 KB$"
                .formatted(NAME, card.get("score").get("accuracy").asDouble()));
    JsonNode all = launcher.run("models", "--json").json().get("models");
    assertThat(all.valueStream().filter(one -> one.get("name").asString().equals(NAME)))
        .containsExactly(card);
    assertThat(launcher.run("models", NAME, "--json").json()).isEqualTo(card);
    assertThat(launcher.run("models", NAME).succeeded().out())
        .startsWith(NAME + ": IGC-L24M2, depth 8, 10 classes, input 3×32×32\n")
        .contains("47,002 parameters, 9,881,472 multiply-adds an image\n")
        .contains("again       " + card.get("training").get("command").asString() + "\n")
        .contains(
            "203,176 bytes, SHA-256 "
                + Sha256.of(Files.readAllBytes(SHIPPED.resolve("model.safetensors"))));
  }

  @Test
  void oneSaysOfAPictureWhatItsFilesSayAsAFolder() {
    JsonNode said =
        launcher.run("predict", "--pretrained", NAME, picture, "--json", "--top", 10).document();
    assertThat(said.get(0).get("predictions")).hasSize(10);
    assertThat(said)
        .isEqualTo(launcher.run("predict", SHIPPED, picture, "--json", "--top", 10).document());
    assertThat(launcher.run("predict", picture, "--pretrained=" + NAME).succeeded().out())
        .startsWith(picture + " (")
        .contains(said.get(0).get("predictions").get(0).get("label").asString());
  }

  @Test
  void whatCannotBeIsWrongUsage() {
    Finished both = launcher.run("predict", "--pretrained", NAME, SHIPPED, picture);
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err())
        .startsWith(
            "igcnet: the model folder %s and --pretrained are two models; one of them would be right\n"
                .formatted(SHIPPED));
    Finished neither = launcher.run("predict", picture);
    assertThat(neither.code()).isEqualTo(2);
    assertThat(neither.err())
        .startsWith("igcnet: predict needs MODEL or --pretrained NAME, and PICTURE; ");
    Finished unknown = launcher.run("predict", "--pretrained", "resnet", picture);
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).startsWith("igcnet: there is no trained network \"resnet\"; ");
    assertThat(launcher.run("predict", "--pretrained", NAME, "no-such.png").code()).isEqualTo(1);
    assertThat(launcher.run("eval", "--pretrained", NAME).refusal())
        .isEqualTo("igcnet: 'cifar10' names no folder; cifar10:DIR would be right");
  }

  @Test
  void otherCommandsTakeOneToo() throws IOException {
    Path onnx = parent.resolve("model.onnx");
    assertThat(launcher.run("export", "--pretrained", NAME, "--onnx", onnx).succeeded().out())
        .startsWith(onnx + ": IGC-L24M2, depth 8, 10 classes");
    for (String name : new String[] {"dark", "light"}) {
      Path folder = Files.createDirectories(parent.resolve("photos").resolve(name));
      for (int i = 0; i < 4; i++) {
        draw(folder.resolve(i + ".png"), (name.equals("dark") ? 20 : 180) + i);
      }
    }
    Path run = parent.resolve("run");
    launcher
        .run(
            "train",
            "--pretrained",
            NAME,
            "--data",
            "folder:" + parent.resolve("photos"),
            "--held-out",
            0.25,
            "--epochs",
            1,
            "--batch",
            2,
            "--freeze",
            "stem",
            "--out",
            run)
        .succeeded();
    JsonNode from = JsonMapper.shared().readTree(run.resolve("run.json").toFile()).get("from");
    assertThat(from.get("data").asString()).isEqualTo("cifar10");
    assertThat(from.get("pretrained").asString()).isEqualTo(NAME);
    assertThat(from.get("folder").isNull()).isTrue();
    assertThat(from.get("sha256").asString())
        .isEqualTo(
            new Safetensors(
                    new TreeMap<>(),
                    Safetensors.read(SHIPPED.resolve("model.safetensors")).tensors())
                .sha256());
  }
}
