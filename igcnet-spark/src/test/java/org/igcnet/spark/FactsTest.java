package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;

class FactsTest {
  private static final Facts ONE = new Facts("a:1", 16, 25, "0.2.0", "12ab");

  @Test
  void theyCrossAsOneLine() {
    assertThat(Facts.read(ONE.line())).isEqualTo(ONE);
    assertThat(Facts.here("a:1", "12ab").java()).isEqualTo(Runtime.version().feature());
  }

  @Test
  void whatChangesABitIsRefused() {
    Facts.requireSame(List.of(ONE, new Facts("b:2", 16, 25, "0.2.0", "12ab")));
    refused(
        new Facts("b:2", 8, 25, "0.2.0", "12ab"), "vectors of 16 numbers", "vectors of 8 numbers");
    refused(new Facts("b:2", 16, 26, "0.2.0", "12ab"), "Java 25", "Java 26");
    refused(
        new Facts("b:2", 16, 25, "0.3.0", "12ab"),
        "version 0.2.0 of igcnet",
        "version 0.3.0 of igcnet");
    refused(
        new Facts("b:2", 16, 25, "0.2.0", "34cd"),
        "files of the run with SHA-256 12ab",
        "files of the run with SHA-256 34cd");
  }

  private static void refused(Facts other, String first, String second) {
    assertThatThrownBy(() -> Facts.requireSame(List.of(ONE, other)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the worker at a:1 has %s, and the one at b:2 %s; all have to have the same, or their weights would part"
                .formatted(first, second));
  }
}
