package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command that has ended.
 *
 * @param code its exit code
 * @param out all that it wrote to standard output
 * @param err all that it wrote to standard error, but for the JVM's warning of the vector module
 *     and the line every half minute that says how far it is, as a slow machine has them
 */
record Finished(int code, String out, String err) {
  private static final String JVM_WARNING =
      "WARNING: Using incubator modules: jdk.incubator.vector\n";

  private static final String HOW_FAR = "(?m)^ *[0-9]+%  .* left  .*\n";

  Finished {
    err = err.replace(JVM_WARNING, "").replaceAll(HOW_FAR, "");
  }

  Finished succeeded() {
    assertThat(code).as(err).isZero();
    return this;
  }

  /** Checks that it was refused in one sentence, with nothing on standard output. */
  String refusal() {
    assertThat(code).as(err).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err.lines()).hasSize(1);
    assertThat(err).startsWith("igcnet: ");
    return err.strip();
  }

  /** Checks that standard output is one JSON document, and that standard error is empty. */
  JsonNode json() {
    assertThat(err).isEmpty();
    return document();
  }

  /** Checks that standard output is one JSON document. */
  JsonNode document() {
    succeeded();
    return parse(out);
  }

  /** Reads a text that is one JSON document and no more. */
  static JsonNode parse(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
