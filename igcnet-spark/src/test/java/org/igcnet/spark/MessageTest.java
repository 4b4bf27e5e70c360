package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.files.JsonDocument;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTest {
  private static final Message SKIPPED = new Message.Skipped("é\n\"\\\u2028\uD83D\uDC1F");

  @Provide
  Arbitrary<Message> messages() {
    return Arbitraries.oneOf(
        batches(),
        epochs(),
        sentences().map(Message.Skipped::new),
        sentences().map(Message.Lost::new),
        sentences().map(Message.Stopped::new),
        Combinators.combine(Arbitraries.of(Kind.class), sentences()).as(Message.Refused::new),
        Arbitraries.just(new Message.Kept()));
  }

  /** Half a surrogate pair is no text. */
  private static Arbitrary<String> sentences() {
    return Arbitraries.strings()
        .ofMaxLength(40)
        .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  private static Arbitrary<Double> sums() {
    return Arbitraries.oneOf(
        Arbitraries.doubles(),
        Arbitraries.of(
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -0.0));
  }

  private static Arbitrary<Message> batches() {
    return Combinators.combine(
            Arbitraries.integers(), Arbitraries.integers(), sums(), sums(), sums(), sums())
        .as((of, all, a, b, c, d) -> new BatchProgress(of, all, all, of, a, b, c, d))
        .map(Message.Batch::new);
  }

  private static Arbitrary<Message> epochs() {
    Arbitrary<Double> percent = Arbitraries.doubles().between(0, 100).ofScale(9);
    return Combinators.combine(
            Arbitraries.integers().between(1, Integer.MAX_VALUE),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            Arbitraries.of(0, 1e-300, 0.1, 1000).map(Number::doubleValue),
            Arbitraries.doubles().between(0, 1e39),
            percent,
            percent.optional(),
            Arbitraries.of(true, false))
        .as(
            (epoch, step, rate, loss, known, top5, best) ->
                new Message.Epoch(
                    new EpochMetrics(
                        epoch,
                        step,
                        rate,
                        loss,
                        known,
                        top5,
                        loss / 3,
                        100 - known,
                        known,
                        loss,
                        Double.MIN_VALUE),
                    best));
  }

  private static List<Message> heard(byte[] told) throws IOException {
    try (Loopback ends = Loopback.open();
        Report driver = Report.over(ends.driver())) {
      ends.worker().write(ByteBuffer.wrap(told));
      ends.worker().close();
      List<Message> heard = new ArrayList<>();
      for (Message next = driver.hear(); next != null; next = driver.hear()) {
        heard.add(next);
      }
      return heard;
    }
  }

  private static byte[] bytes(String lines) {
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] line(Message message) {
    return bytes(JsonDocument.line(message) + "\n");
  }

  /** What comes is messages, or the sentence that refuses it. */
  private static void requireHeardOrRefused(byte[] told) throws IOException {
    try {
      assertThat(heard(told)).doesNotContainNull();
    } catch (UserError refused) {
      assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(refused.getMessage()).startsWith("what a worker told is ").hasLineCount(1);
    }
  }

  @Property(tries = 300)
  void whatIsToldIsHeard(@ForAll("messages") Message first, @ForAll("messages") Message second)
      throws IOException {
    try (Loopback ends = Loopback.open();
        Report driver = Report.over(ends.driver())) {
      try (Report worker = Report.over(ends.worker())) {
        worker.tell(first);
        worker.tell(second);
      }
      assertThat(driver.hear()).isEqualTo(first);
      assertThat(driver.hear()).isEqualTo(second);
      assertThat(driver.hear()).isNull();
    }
  }

  @Property(tries = 100)
  void ofAWorkerThatIsCutOffTheWholeMessagesAreHeard(@ForAll("messages") Message message)
      throws IOException {
    byte[] whole = line(message);
    byte[] both = Arrays.copyOf(line(SKIPPED), line(SKIPPED).length + whole.length - 1);
    System.arraycopy(whole, 0, both, line(SKIPPED).length, whole.length - 1);
    assertThat(heard(both)).containsExactly(SKIPPED);
    assertThat(heard(Arrays.copyOf(whole, whole.length / 2))).isEmpty();
  }

  @Property(tries = 500)
  void aFlippedBitIsHeardOrRefusedNothingElse(@ForAll("messages") Message message, @ForAll int at)
      throws IOException {
    byte[] told = line(message);
    told[Math.floorMod(at >> Byte.SIZE, told.length)] ^= (byte) (1 << (at & Byte.SIZE - 1));
    requireHeardOrRefused(told);
  }

  @Property(tries = 300)
  void randomBytesAreHeardOrRefusedNothingElse(@ForAll @Size(max = 200) byte[] noise)
      throws IOException {
    requireHeardOrRefused(noise);
    byte[] line = Arrays.copyOf(noise, noise.length + 1);
    line[noise.length] = '\n';
    requireHeardOrRefused(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | refused: it is no JSON object",
        "[] | refused: it is no JSON object",
        "{ | no JSON: Unexpected end-of-input",
        "{} | refused: ",
        "{\"message\":\"kept\"}{} | no JSON: ",
        "{\"message\":\"kept\",\"message\":\"kept\"} | no JSON: Duplicate",
        "{\"message\":\"kept\",\"sentence\":\"\"} | refused: Unrecognized property \"sentence\"",
        "{\"message\":\"java.lang.String\"} | refused: ",
        "{\"message\":\"lost\"} | refused: ",
        "{\"message\":\"lost\",\"sentence\":null} | refused: ",
        "{\"message\":\"refused\",\"kind\":0,\"sentence\":\"a\"} | refused: ",
        "{\"message\":\"refused\",\"kind\":\"\",\"sentence\":\"a\"} | refused: ",
        "{\"message\":\"batch\",\"progress\":null} | refused: ",
        "{\"message\":\"batch\",\"progress\":{\"epoch\":1e999}} | refused: ",
      })
  void whatIsNoMessageIsRefused(String told, String sentence) {
    assertThatThrownBy(() -> heard(bytes(told + "\n")))
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageStartingWith("what a worker told is " + sentence);
  }

  @Test
  void figuresThatNoTrainingComesToAreRefused() {
    EpochMetrics sound = new EpochMetrics(1, 2, 0.1, 3, 4, Optional.empty(), 5, 6, 7, 8, 9);
    String told = JsonDocument.line(new Message.Epoch(sound, true));
    assertThatThrownBy(() -> heard(bytes(told.replace("\"epoch\":1", "\"epoch\":0") + "\n")))
        .isInstanceOf(UserError.class)
        .hasMessage("what a worker told is refused: 0.0 is no epoch");
  }

  @Test
  void whatIsNestedDeeplyIsRefused() {
    assertThatThrownBy(() -> heard(bytes("[".repeat(5000) + "\n")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("what a worker told is no JSON: ")
        .hasMessageContaining("depth");
  }

  @Timeout(60)
  @Test
  void theLongestMessageIsHeard() throws IOException {
    Message empty = new Message.Lost("");
    Message longest =
        new Message.Lost("a".repeat(Report.LONGEST - JsonDocument.line(empty).length()));
    try (Loopback ends = Loopback.open();
        Report worker = Report.over(ends.worker());
        Report driver = Report.over(ends.driver())) {
      Thread.ofVirtual().start(() -> worker.tell(longest));
      assertThat(driver.hear()).isEqualTo(longest);
    }
  }

  @Timeout(60)
  @Test
  void aMessageWithoutAnEndIsRefusedAtTheLongest() throws IOException {
    try (Loopback ends = Loopback.open();
        Report driver = Report.over(ends.driver())) {
      OutputStream worker = ends.worker().socket().getOutputStream();
      Thread.ofVirtual().start(() -> tellForEver(worker));
      assertThatThrownBy(driver::hear)
          .isInstanceOfSatisfying(
              UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.TOO_LARGE))
          .hasMessage("what a worker told is longer than the 1,048,576 characters of a message");
    }
  }

  private static void tellForEver(OutputStream worker) {
    byte[] some = new byte[1 << 16];
    try {
      while (true) {
        worker.write(some);
      }
    } catch (IOException refused) {
      // The driver has closed the connection.
    }
  }
}
