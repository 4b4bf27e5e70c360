package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.BatchContents;
import org.igcnet.backend.ImageBatch;
import org.igcnet.files.JsonDocument;
import org.igcnet.loss.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageRecipeTest {
  private static final ImageShape SHAPE = new ImageShape(2, 8, 8);
  private static final ImageRecipe PLAIN = ImageRecipe.of(Augmentation.NONE);
  private static final Normalization AS_IT_IS = new Normalization(List.of(0f, 0f), List.of(1f, 1f));

  /** An image of a batch, and what is to be said of it. */
  private record Seen(List<Float> values, Target target) {
    static Seen of(ImageBatch batch, int image) {
      List<Float> values = new ArrayList<>();
      for (float value : BatchContents.image(batch, image)) {
        values.add(value);
      }
      return new Seen(values, batch.target(image));
    }
  }

  /** Image i is i + 1 everywhere, so that a blend tells of itself; the label is i mod 3. */
  private record Even(int size) implements StoredImages {
    @Override
    public List<String> classes() {
      return List.of("a", "b", "c");
    }

    @Override
    public ImageShape shape() {
      return SHAPE;
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public void read(int index, byte[] values) {
      Arrays.fill(values, (byte) (index + 1));
    }
  }

  private static List<Seen> epoch(
      StoredImages images, ImageRecipe recipe, BatchShare share, int epoch) {
    List<Seen> seen = new ArrayList<>();
    try (BatchStream batches = BatchStream.training(images, AS_IT_IS, recipe, share, 5, epoch, 0)) {
      for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int image = 0; image < batch.images(); image++) {
          seen.add(Seen.of(batch, image));
        }
      }
    }
    return seen;
  }

  private static List<Seen> epoch(ImageRecipe recipe) {
    return epoch(new Even(40), recipe, BatchShare.whole(16), 0);
  }

  @Test
  void withoutAnythingImagesAreAsTheyAre() {
    assertThat(epoch(PLAIN))
        .hasSize(40)
        .allSatisfy(seen -> assertThat(seen.values).containsOnly(seen.values.getFirst()))
        .allMatch(seen -> seen.target.equals(Target.of(labelOf(seen.values.getFirst()))));
  }

  private static int labelOf(float value) {
    return ((int) value - 1) % 3;
  }

  @Test
  void cutoutClearsASquareInAllChannels() {
    for (Seen seen : epoch(PLAIN.withCutout(4))) {
      long cleared = seen.values.stream().filter(value -> value == 0).count();
      assertThat(cleared).isBetween(2L * 2 * 2, 2L * 4 * 4);
      assertThat(seen.values.subList(0, 64)).isEqualTo(seen.values.subList(64, 128));
    }
  }

  @Test
  void randomErasingClearsARectangleOfSomeImages() {
    List<Seen> all = epoch(new Even(90), PLAIN.withErasing(0.5), BatchShare.whole(16), 0);
    long erased = all.stream().filter(seen -> seen.values.contains(0f)).count();
    assertThat(erased).isBetween(30L, 60L);
    assertThat(all)
        .allSatisfy(
            seen ->
                assertThat(seen.values.stream().filter(value -> value == 0).count())
                    .isLessThan(2 * 64 * 2 / 5));
  }

  @Test
  void byTurnsAnImageIsMirroredInEverySecondEpoch() {
    int mirrored = 0;
    for (int image = 0; image < 1_000; image++) {
      boolean first = mirrored(Mirroring.ALTERNATING, 0, image);
      assertThat(mirrored(Mirroring.ALTERNATING, 1, image)).isNotEqualTo(first);
      assertThat(mirrored(Mirroring.ALTERNATING, 2, image)).isEqualTo(first);
      assertThat(mirrored(Mirroring.NEVER, 0, image)).isFalse();
      mirrored += first ? 1 : 0;
    }
    assertThat(mirrored).isBetween(430, 570);
  }

  private static boolean mirrored(Mirroring mirroring, int epoch, int image) {
    return mirroring.of(SplitMix.of(5, epoch, image), 5, epoch, image);
  }

  @Test
  void mirroringTakesOneNumberHoweverItIsDone() {
    for (Mirroring mirroring : Mirroring.values()) {
      SplitMix random = SplitMix.of(1);
      mirroring.of(random, 5, 0, 0);
      SplitMix one = SplitMix.of(1);
      one.next();
      assertThat(random.next()).isEqualTo(one.next());
    }
  }

  /** Both images of a pair have whole values n and m; λn + (1 − λ)m tells of λ. */
  @Test
  void mixupIsTheMeanOfNeighboursAndOfWhatTheyShow() {
    List<Seen> plain = epoch(PLAIN);
    List<Seen> mixed = epoch(PLAIN.withMixup(0.8));
    for (int i = 0; i < 40; i++) {
      double own = plain.get(i).values.getFirst();
      double other = plain.get(i ^ 1).values.getFirst();
      double value = mixed.get(i).values.getFirst();
      double kept = (value - other) / (own - other);
      assertThat(mixed.get(i).values).containsOnly((float) value);
      assertMixed(mixed.get(i).target, labelOf((float) own), labelOf((float) other), kept);
    }
    assertThat(mixed).extracting(seen -> seen.target.share()).doesNotContain(1.0).hasSize(40);
  }

  @Test
  void cutmixPastesARectangleOfTheNeighbour() {
    List<Seen> plain = epoch(PLAIN);
    List<Seen> pasted = epoch(PLAIN.withCutmix(1));
    for (int i = 0; i < 40; i++) {
      float own = plain.get(i).values.getFirst();
      float other = plain.get(i ^ 1).values.getFirst();
      assertThat(pasted.get(i).values).isSubsetOf(own, other);
      double kept = pasted.get(i).values.stream().filter(v -> v == own).count() / 128.0;
      assertMixed(pasted.get(i).target, labelOf(own), labelOf(other), kept);
    }
  }

  private static void assertMixed(Target target, int own, int other, double kept) {
    for (int k = 0; k < 3; k++) {
      double wanted = (k == own ? kept : 0) + (k == other ? 1 - kept : 0);
      assertThat(target.probability(k, 3)).isCloseTo(wanted, within(2e-6));
    }
  }

  @Test
  void withBothEachImageGetsOne() {
    long whole =
        epoch(new Even(400), PLAIN.withMixup(1).withCutmix(1), BatchShare.whole(16), 0).stream()
            .filter(seen -> seen.values.stream().distinct().count() == 1)
            .count();
    assertThat(whole).as("mixed, as pasted ones seldom have one value").isBetween(150L, 260L);
  }

  /** Whoever shares a batch, and however groups are cut, images meet the same neighbours. */
  @Property(tries = 30)
  void trainersThatShareABatchSeeWhatOneAloneSees(
      @ForAll @IntRange(min = 1, max = 9) int normImages,
      @ForAll @IntRange(min = 1, max = 4) int trainers,
      @ForAll @IntRange(min = 1, max = 50) int images) {
    ImageRecipe recipe = PLAIN.withMixup(0.5).withCutmix(0.5).withCutout(2);
    int batch = 4 * normImages;
    List<Seen> alone = epoch(new Even(images), recipe, BatchShare.of(batch, normImages, 0, 1), 3);
    List<Seen> together = new ArrayList<>();
    for (int rank = 0; rank < trainers; rank++) {
      together.addAll(
          epoch(new Even(images), recipe, BatchShare.of(batch, normImages, rank, trainers), 3));
    }
    assertThat(together).containsExactlyInAnyOrderElementsOf(alone);
  }

  @Test
  void classesThatCountTheSameWeighMoreTheFewerImagesTheyHave() {
    // 40 images: 14, 13 and 13 of the classes
    List<Seen> all = epoch(PLAIN.withBalance(true).withLabelSmoothing(0.1));
    double mean = all.stream().mapToDouble(seen -> seen.target.weight()).average().orElseThrow();
    assertThat(mean).isCloseTo(1, within(1e-12));
    for (Seen seen : all) {
      int images = seen.target.label() == 0 ? 14 : 13;
      assertThat(seen.target.weight()).isCloseTo(40.0 / 3 / images, within(1e-12));
      assertThat(seen.target.smoothing()).isEqualTo(0.1);
    }
  }

  @Test
  void aClassWithoutImagesTakesNoShare() {
    ClassCounts counts = new ClassCounts(List.of("a", "b", "c"), List.of(2, 0, 6));
    assertThat(counts.weights()).containsExactly(2, 1, 2.0 / 3);
  }

  @Test
  void filesSayAllOfIt() {
    ImageRecipe all =
        new ImageRecipe(
            Augmentation.CROP_AND_MIRROR, Mirroring.ALTERNATING, 8, 0.25, 0.2, 1, 0.1, true);
    String line = JsonDocument.line(all);
    assertThat(line)
        .isEqualTo(
            "{\"augmentation\":\"CROP_AND_MIRROR\",\"mirroring\":\"ALTERNATING\",\"cutout\":8,"
                + "\"erasing\":0.25,\"mixup\":0.2,\"cutmix\":1.0,\"labelSmoothing\":0.1,"
                + "\"balanced\":true}");
    assertThat(JsonDocument.read("it", line, ImageRecipe.class)).isEqualTo(all);
    assertThat(
            PLAIN
                .withAugmentation(Augmentation.CROP_AND_MIRROR)
                .withMirroring(Mirroring.ALTERNATING)
                .withCutout(8)
                .withErasing(0.25)
                .withMixup(0.2)
                .withCutmix(1)
                .withLabelSmoothing(0.1)
                .withBalance(true))
        .isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, 0, 0, 'the side of cutout is -1 pixels; it must be from 0, for none, to 4096'",
    "0, 1.5, 0, 0, 0, 'the probability of random erasing is 1.5; it must be from 0, for none, to 1'",
    "0, 0, NaN, 0, 0, 'α of mixup is NaN; it must be from 0, for none, to 1'",
    "0, 0, 0, -1, 0, 'α of CutMix is -1.0; it must be from 0, for none, to 1'",
    "0, 0, 0, 0, 1, 'label smoothing is 1.0; it must be at least 0 and below 1, for example 0.1'"
  })
  void impossibleNumbersAreRefusedByNameAndValue(
      int cutout, double erasing, double mixup, double cutmix, double smoothing, String reason) {
    assertThatThrownBy(
            () ->
                new ImageRecipe(
                    Augmentation.NONE,
                    Mirroring.RANDOM,
                    cutout,
                    erasing,
                    mixup,
                    cutmix,
                    smoothing,
                    false))
        .isInstanceOf(UserError.class)
        .hasMessage(reason);
  }

  /** Whatever is blended into an image counts as its own class does. */
  @ParameterizedTest
  @CsvSource({"1, 0", "0, 1", "0.2, 1"})
  void classesThatCountTheSameDoSoWhereImagesAreBlended(double mixup, double cutmix) {
    for (Seen seen : epoch(PLAIN.withBalance(true).withMixup(mixup).withCutmix(cutmix))) {
      double images = 0;
      for (int k = 0; k < 3; k++) {
        double weightOfOne = 40.0 / 3 / (k == 0 ? 14 : 13);
        images += seen.target.weight() * seen.target.probability(k, 3) / weightOfOne;
      }
      assertThat(images).isCloseTo(1, within(1e-12));
    }
  }
}
