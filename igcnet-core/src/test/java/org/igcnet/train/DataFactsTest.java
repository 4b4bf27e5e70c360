package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Normalization;
import org.igcnet.train.RunDescription.DataFacts;
import org.junit.jupiter.api.Test;

class DataFactsTest {
  private static DataFacts of(String... classes) {
    return new DataFacts(
        new ImageShape(1, 2, 2),
        List.of(classes),
        5,
        4,
        new Normalization(List.of(7f), List.of(1f)),
        Optional.empty());
  }

  @Test
  void whatDiffersByTheNamesOfItsClassesIsToldApart() {
    assertThat(of("airplane", "truck"))
        .hasToString(
            "5 training and 4 test images of 1×2×2 in 2 classes (airplane … truck) with means [7.0]");
    assertThat(of("class 0", "class 1").toString()).contains("2 classes (class 0 … class 1)");
  }

  @Test
  void noClassesHaveNoNames() {
    assertThat(of())
        .hasToString("5 training and 4 test images of 1×2×2 in 0 classes with means [7.0]");
  }
}
