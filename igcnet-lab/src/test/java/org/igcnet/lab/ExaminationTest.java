package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.data.Splits;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.igcnet.train.Initialisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
  @TempDir Path folder;

  static Model model() {
    Architecture architecture = Architecture.cifar("RegConv-W4", 5, 2);
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, 1);
    return new Model(
        architecture,
        List.of("a", "b"),
        Framing.WHOLE,
        new Normalization(List.of(128f, 128f, 128f), List.of(64f, 64f, 64f)),
        new Origin("shapes", 1, 50, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }

  /** A whole batch of damaged pictures is passed over, and indices are still the data set's. */
  @Test
  void damagedPicturesAreLeftOutHoweverManyStandTogether() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      Path pictures = Files.createDirectory(folder.resolve(name));
      for (int i = 0; i < 70; i++) {
        Path file = pictures.resolve("%02d.png".formatted(i));
        boolean sound = i >= 68;
        if (sound) {
          ImageIO.write(
              new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        } else {
          Files.writeString(file, "damaged");
        }
      }
    }
    Splits splits = Splits.open("folder:" + folder + ",size=32,held-out=0");
    List<String> skipped = new ArrayList<>();
    ReportListener heard =
        new SilentReport() {
          @Override
          public void skipped(String sentence) {
            skipped.add(sentence);
          }
        };
    Examination examination = Examination.of(model(), splits.train(), Compute.threads(2), heard);
    assertThat(examination.images(0)).isEqualTo(2);
    assertThat(examination.images(1)).isEqualTo(2);
    assertThat(skipped).hasSize(136).allMatch(sentence -> sentence.contains("is no picture"));
    // All are the same picture, so those of one class are mistakes.
    assertThat(examination.accuracy()).isEqualTo(50);
    assertThat(examination.mistakes())
        .extracting(Examination.Mistake::image)
        .isIn(List.of(68, 69), List.of(69, 68), List.of(138, 139), List.of(139, 138));
  }

  @Test
  void withoutASoundPictureThereIsNothingToTestWith() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("0.png"), "damaged");
    }
    Splits splits = Splits.open("folder:" + folder + ",size=32,held-out=0");
    assertThatThrownBy(
            () -> Examination.of(model(), splits.train(), Compute.threads(1), new SilentReport()))
        .isInstanceOf(UserError.class)
        .hasMessage("there is nothing to test with: not one picture could be decoded");
  }
}
