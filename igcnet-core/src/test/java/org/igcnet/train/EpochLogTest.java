package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochLogTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  private static EpochMetrics epoch(int epoch, double accuracy) {
    return new EpochMetrics(
        epoch, 4L * epoch, 0.1, 2.5, 21, Optional.of(71.5), 2.25, accuracy, 64.5, epoch, 640);
  }

  private static String text(EpochMetrics... epochs) {
    return Stream.of(epochs)
        .map(epoch -> JsonDocument.line(epoch) + "\n")
        .collect(Collectors.joining());
  }

  private Object fileItself() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Test
  void anEpochIsAppendedAndWhatIsThereStays() throws IOException {
    EpochLog log = EpochLog.read(file);
    log.add(epoch(1, 17));
    Object first = fileItself();
    log.add(epoch(2, 19));
    log.add(epoch(3, 18));
    assertThat(fileItself()).isEqualTo(first);
    assertThat(file).hasContent(text(epoch(1, 17), epoch(2, 19), epoch(3, 18)));
    assertThat(folder.toFile().list()).containsExactly("metrics.jsonl");
  }

  /** Each opens the file, writes to it once and forces it to the disk. */
  @Test
  void anEpochTakesTheSameOperationsHoweverManyThereWere() {
    FaultyFiles files = FaultyFiles.sound();
    EpochLog log = EpochLog.read(files.at(file));
    log.add(epoch(1, 17));
    for (int number = 2; number <= 100; number++) {
      int before = files.operations();
      log.add(epoch(number, 17));
      assertThat(files.operations() - before).isEqualTo(3);
    }
  }

  @Test
  void theSumIsThatOfTheLinesWithoutWhatTheClockSays() {
    EpochLog log = EpochLog.read(file);
    assertThat(log.sha256()).isEqualTo(Sha256.of(new byte[0]));
    log.add(epoch(1, 17));
    String one = log.sha256();
    log.add(epoch(2, 19));
    String two = log.sha256();
    assertThat(two)
        .isEqualTo(
            Sha256.of(
                text(epoch(1, 17), epoch(2, 19))
                    .replaceAll(",\"seconds\":[0-9.]+,\"imagesPerSecond\":[0-9.]+", "")
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(EpochLog.read(file, 1).sha256()).isEqualTo(one).isNotEqualTo(two);
    assertThat(EpochLog.read(file).sha256()).isEqualTo(two);
  }

  /** A process was killed in the middle of a line, or writes it just now. */
  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"epoch\":3,\"st", "\0\0\0", "{\"epoch\":3}"})
  void aLineWithoutItsEndDoesNotCountAndIsCutOff(String part) throws IOException {
    String whole = text(epoch(1, 17), epoch(2, 19));
    Files.writeString(file, whole + part);
    assertThat(RunFolder.metrics(folder)).containsExactly(epoch(1, 17), epoch(2, 19));
    EpochLog log = EpochLog.read(file, 2);
    log.write();
    assertThat(Files.readString(file)).isEqualTo(whole);
    log.add(epoch(3, 18));
    assertThat(Files.readString(file)).isEqualTo(whole + text(epoch(3, 18)));
  }

  @Test
  void aFileThatAnotherChangedIsWrittenAnew() throws IOException {
    EpochLog log = EpochLog.read(file);
    log.add(epoch(1, 17));
    Files.delete(file);
    log.add(epoch(2, 19));
    assertThat(file).hasContent(text(epoch(1, 17), epoch(2, 19)));
    Files.writeString(file, "cut");
    log.add(epoch(3, 18));
    assertThat(file).hasContent(text(epoch(1, 17), epoch(2, 19), epoch(3, 18)));
  }

  @Test
  void theBestIsTheFirstOfTheHighestTestAccuracy() throws IOException {
    EpochLog log = EpochLog.read(file);
    assertThat(log.best()).isEmpty();
    List.of(epoch(1, 17), epoch(2, 19), epoch(3, 19), epoch(4, 18)).forEach(log::add);
    assertThat(log.best()).contains(epoch(2, 19));
    assertThat(EpochLog.read(file).best()).contains(epoch(2, 19));
  }
}
