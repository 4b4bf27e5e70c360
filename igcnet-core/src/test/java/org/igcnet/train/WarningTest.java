package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.Part;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.data.StoredImages;
import org.junit.jupiter.api.Test;

class WarningTest {
  private static final StoredImages MANY = Shapes.train(1, 800);

  @Test
  void nothingIsSaidOfEnoughImagesAndSteps() {
    assertThat(ClassCounts.of(MANY).least()).isGreaterThanOrEqualTo(50);
    assertThat(Warning.of(new Splits("many", MANY, Shapes.test(1, 30)), 200)).isEmpty();
  }

  @Test
  void fewImagesStepsAndTestImagesAreToldWithTheirNumbers() {
    StoredImages few = Shapes.train(1, 100);
    ClassCounts counts = ClassCounts.of(few);
    assertThat(facts(few, Shapes.test(1, 8), 199))
        .containsExactly(
            "10 of 10 classes have fewer than 50 images to learn from; the smallest is %s with %d"
                .formatted(counts.smallest(), counts.least()),
            "the training makes 199 steps in all; fewer than 200 seldom teach a network much",
            "the accuracy is that of 8 test images, each of which counts for 12.5 percentage points; fewer than 30 say little");
  }

  @Test
  void whatIsLearnedFromIsNoTestThatCouldBeTooSmall() {
    StoredImages few = Shapes.train(1, 20);
    assertThat(Warning.of(new Splits("same", few, few), 200))
        .noneMatch(Warning.FewTested.class::isInstance);
  }

  @Test
  void aValidationSetIsCalledOne() {
    Splits splits = new Splits("own", MANY, Shapes.test(1, 8), Part.VALIDATION, List.of());
    assertThat(Warning.of(splits, 200))
        .extracting(Warning::fact)
        .containsExactly(
            "the accuracy is that of 8 validation images, each of which counts for 12.5 percentage points; fewer than 30 say little");
  }

  private static List<String> facts(StoredImages train, StoredImages test, long steps) {
    return Warning.of(new Splits("few", train, test), steps).stream().map(Warning::fact).toList();
  }

  @Test
  void classesAreToldWithTheirCountsAndOfManyTheSmallest() {
    assertThat(new ClassCounts(List.of("cat", "dog"), List.of(1200, 3)))
        .hasToString("cat 1,200, dog 3");
    List<String> names = IntStream.range(0, 100).mapToObj(i -> "c" + i).toList();
    List<Integer> counts = IntStream.range(0, 100).mapToObj(i -> i == 7 ? 4 : 500 + i % 2).toList();
    assertThat(new ClassCounts(names, counts))
        .hasToString("100 of 4 to 501 images, the smallest c7 4, c0 500, c2 500");
    assertThat(new ClassCounts(names, counts.stream().map(_ -> 500).toList()))
        .hasToString("100 of 500 images each");
  }
}
