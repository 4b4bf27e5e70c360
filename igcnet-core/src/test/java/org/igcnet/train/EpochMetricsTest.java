package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.files.JsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochMetricsTest {
  private static final EpochMetrics LINE =
      new EpochMetrics(1, 235, 0.1, 2.5, 21.25, Optional.of(71.5), 2.25, 17.75, 64.5, 23.5, 640);

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    write(JsonDocument.line(LINE));
    assertThat(RunFolder.metrics(folder)).containsExactly(LINE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "testLoss":2.25       | "testLoss":1e999                | Infinity is no loss
          "testLoss":2.25       | "testLoss":-1                   | -1.0 is no loss
          "testLoss":2.25       | "testLoss":"NaN"                | refused
          "trainTop5":71.5      | "trainTop5":1e3                 | 1000.0 is no accuracy in percent
          "epoch":1             | "epoch":0                       | 0.0 is no epoch
          "step":235            | "step":18446744073709551851     | refused
          "imagesPerSecond":640 | "imagesPerSecond":0             | 0.0 is no number of images a second
          """)
  void whatNoTrainingMeasuresIsRefused(String from, String to, String reason) throws IOException {
    String line = JsonDocument.line(LINE);
    assertThat(line).contains(from);
    write(line.replace(from, to));
    assertRefused(reason);
  }

  @ParameterizedTest
  @CsvSource({"null", "[]", "7", "''"})
  void whatIsNoRecordIsRefused(String line) throws IOException {
    write(line);
    assertRefused("");
  }

  /** Of all positive numbers of 64 bits, those of three digits in the exponent are the longest. */
  @Test
  void theLongestLineIsWithinTheBound() {
    double longest = 2.2250738585072014E-308;
    EpochMetrics line =
        new EpochMetrics(
            Recipe.MOST_EPOCHS,
            Long.MAX_VALUE,
            longest,
            longest,
            longest,
            Optional.of(longest),
            longest,
            longest,
            longest,
            longest,
            longest);
    assertThat(JsonDocument.line(line) + "\n").hasSizeBetween(350, EpochLog.MOST_BYTES);
  }

  /** The file has holes, so it takes no space. */
  @Test
  void aFileThatIsLargerThanTheLongestTrainingNeedsIsRefusedUnread() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(512_000_001);
    }
    assertThatThrownBy(() -> RunFolder.metrics(folder))
        .isInstanceOf(UserError.class)
        .hasMessage(file + " has 512,000,001 bytes, more than such a file can need (512,000,000)");
  }

  private void write(String line) throws IOException {
    Files.writeString(folder.resolve("metrics.jsonl"), line + "\n");
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> RunFolder.metrics(folder))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("line 1 of " + folder.resolve("metrics.jsonl"))
        .hasMessageContaining(reason);
  }
}
