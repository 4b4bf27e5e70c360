package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.backend.Precision;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Training;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is said in version 1, kept in a file: {@code =} begins the argument, {@code >} an order,
 * {@code <} what the process writes. Builds of other days hold to it, so the file does not change.
 */
class ConversationTest {
  private static final Training CONTENDER =
      new Training(Engine.IGCNET, Net.cifar("IGC-L24M2", 20), 64, 2);
  private static final long STEP = 200_000_000;

  private final StringWriter written = new StringWriter();
  private long nanoseconds;

  @Test
  void theArgumentIsTheContender() {
    String argument = spoken("= ");
    assertThat(JsonMapper.shared().writeValueAsString(CONTENDER)).isEqualTo(argument.strip());
    assertThat(JsonMapper.shared().readValue(argument, Contender.Local.class)).isEqualTo(CONTENDER);
  }

  @Test
  void anArgumentMayHaveNamesThatAreNotKnown() {
    String later = spoken("= ").replace("\"images\"", "\"later\":[1],\"images\"");
    assertThat(JsonMapper.shared().readValue(later, Contender.Local.class)).isEqualTo(CONTENDER);
  }

  @Test
  void whatIsKnownOnlySinceIsNamedBehindTheRest() {
    Training rounded =
        new Training(CONTENDER.engine(), CONTENDER.net(), 64, 2, Optional.of(Precision.BF16));
    String later = spoken("= ").strip().replaceFirst("}$", ",\"precision\":\"bf16\"}");
    assertThat(JsonMapper.shared().writeValueAsString(rounded)).isEqualTo(later);
    assertThat(JsonMapper.shared().readValue(later, Contender.Local.class)).isEqualTo(rounded);
  }

  @Test
  void theProcessGreetsAndAnswers() throws IOException {
    PrintWriter answers = new PrintWriter(written);
    Conversation.greet(answers);
    Conversation.answer(
        () -> nanoseconds += STEP, reader(spoken("> ")), answers, () -> nanoseconds);
    assertThat(written.toString()).isEqualToNormalizingNewlines(spoken("< "));
  }

  @Test
  void theBenchmarkOrdersAndUnderstands() throws IOException {
    heard(spoken("< "));
    assertThat(written.toString()).isEqualToNormalizingNewlines(spoken("> "));
  }

  @Test
  void whatDoesNotGreetIsOfTheFirstVersionAndWhatElseIsWrittenIsPassedOver() throws IOException {
    String warning = "[0.412s][warning][os,thread] Attempt to protect stack guard pages failed.\n";
    heard(spoken("< ").replaceFirst(".*\n", "loading a library\n\n" + warning));
    assertThat(written.toString()).isEqualToNormalizingNewlines(spoken("> "));
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> heard("igcnet-bench worker 2\n[1]\n"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the process of \"IGCNet training IGC-L24M2 D=20, 2 threads\" speaks version 2 with its benchmark; it must be of a build that speaks version 1, as this one does");
  }

  @Test
  void anEndWithoutAnAnswerIsTold() {
    assertThatThrownBy(() -> heard("igcnet-bench worker 1\n")).isInstanceOf(EOFException.class);
  }

  /** Takes the benchmark's part of the file, beside a process that has written its part already. */
  private void heard(String answers) throws IOException {
    Conversation conversation =
        new Conversation(CONTENDER, new PrintWriter(written, true), reader(answers));
    Samples first = conversation.run(0.5);
    assertThat(first.count()).isEqualTo(3);
    assertThat(first.median()).isEqualTo(0.2);
    assertThat(conversation.run(0.2).count()).isEqualTo(1);
    assertThat(conversation.run(0).median()).isEqualTo(0.2);
  }

  private static BufferedReader reader(String text) {
    return new BufferedReader(new StringReader(text));
  }

  /** The lines of the file that begin with a mark, without it. */
  private static String spoken(String mark) {
    StringBuilder lines = new StringBuilder();
    for (String line : file()) {
      if (line.startsWith(mark)) {
        lines.append(line.substring(mark.length())).append('\n');
      }
    }
    return lines.toString();
  }

  private static List<String> file() {
    try (InputStream stream =
        Objects.requireNonNull(
            ConversationTest.class.getResourceAsStream(
                "conversation-%d.txt".formatted(Conversation.VERSION)))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
