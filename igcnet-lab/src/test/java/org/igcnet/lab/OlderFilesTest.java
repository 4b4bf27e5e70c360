package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.igcnet.UserError;
import org.igcnet.backend.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment, and the results of it, as the program wrote and read them that first had them. */
class OlderFilesTest {
  @TempDir Path folder;

  @Test
  void anExperimentIsRead() throws IOException {
    Experiment experiment = Experiment.named(copy("experiment-version-1.json").toString());
    assertThat(experiment.name()).isEqualTo("small");
    assertThat(experiment.networkNames()).containsExactly("IGC-L4M2", "RegConv-W4");
    assertThat(experiment.data().getFirst().recipe().epochs()).isEqualTo(2);
  }

  @Test
  void resultsAreRead() throws IOException {
    Results results = Results.FORMAT.read(copy("results-version-1.json"));
    assertThat(results.finished()).isEqualTo(2);
    assertThat(results.measured("folder")).isEqualTo("test");
    assertThat(results.cells())
        .extracting(cell -> cell.runs().getFirst().last().testAccuracy())
        .containsExactly(33.333333333333336, 25.0);
    assertThat(precision(results)).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void resultsThatSayWhatIsMeasuredWithAreRead() throws IOException {
    Results results = Results.FORMAT.read(copy("results-version-2.json"));
    assertThat(results.measured("folder")).isEqualTo("validation");
    assertThat(results.cells())
        .extracting(cell -> cell.runs().getFirst().last().testAccuracy())
        .containsExactly(66.66666666666667, 100.0);
    assertThat(precision(results)).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void thoseOfALaterVersionAreRefusedByIt() throws IOException {
    Path file = copy("results-version-1.json");
    Files.writeString(file, Files.readString(file).replace("\"version\" : 1,", "\"version\" : 4,"));
    assertThatThrownBy(() -> Results.FORMAT.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file
                + " has version 4 of the format \"igcnet-results\"; this program reads versions 1 to 3;"
                + " a newer igcnet wrote it");
  }

  private static Precision precision(Results results) {
    return results.data().getFirst().ours().orElseThrow().precision();
  }

  private Path copy(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = OlderFilesTest.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    return file;
  }
}
