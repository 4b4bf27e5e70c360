package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.BatchContents;
import org.igcnet.backend.ImageBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchStreamTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  /** Leaves bytes as they are. */
  private static final Normalization PLAIN = new Normalization(List.of(0f), List.of(1f));

  /** What a batch had in it, since the batch itself is used again. */
  private record Seen(List<Integer> labels, List<List<Float>> images) {
    static Seen of(ImageBatch batch) {
      List<Integer> labels = new ArrayList<>();
      List<List<Float>> images = new ArrayList<>();
      for (int i = 0; i < batch.images(); i++) {
        labels.add(batch.label(i));
        List<Float> values = new ArrayList<>();
        for (float value : BatchContents.image(batch, i)) {
          values.add(value);
        }
        images.add(values);
      }
      return new Seen(labels, images);
    }
  }

  private static BatchStream training(int images, int batchSize, long seed, int epoch, int first) {
    return BatchStream.training(
        new Pictures(images, SHAPE),
        PLAIN,
        ImageRecipe.of(Augmentation.CROP_AND_MIRROR),
        BatchShare.whole(batchSize),
        seed,
        epoch,
        first);
  }

  private static List<Seen> all(BatchStream stream) {
    try (stream) {
      List<Seen> seen = new ArrayList<>();
      for (ImageBatch batch = stream.next(); batch != null; batch = stream.next()) {
        seen.add(Seen.of(batch));
      }
      assertThat(stream.next()).isNull();
      return seen;
    }
  }

  @Test
  void inOrderGivesEveryImageAsItIs() {
    BatchStream stream = BatchStream.inOrder(new Pictures(7, SHAPE), PLAIN, 3);
    assertThat(stream.batches()).isEqualTo(3);
    List<Seen> seen = all(stream);
    assertThat(seen).extracting(batch -> batch.labels().size()).containsExactly(3, 3, 1);
    assertThat(seen.get(1).labels()).containsExactly(0, 1, 2);
    assertThat(seen.get(1).images().get(1)).containsExactly(40f, 41f, 42f, 43f, 44f, 45f);
    assertThat(seen.get(2).images()).containsExactly(List.of(60f, 61f, 62f, 63f, 64f, 65f));
  }

  @Test
  void imagesAreNormalised() {
    Normalization halves = new Normalization(List.of(10f), List.of(2f));
    List<Seen> seen = all(BatchStream.inOrder(new Pictures(1, SHAPE), halves, 4));
    assertThat(seen.getFirst().images())
        .containsExactly(List.of(-5f, -4.5f, -4f, -3.5f, -3f, -2.5f));
  }

  @Test
  void trainingShufflesAnewEachEpoch() {
    Set<List<Float>> orders = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      for (long seed = 0; seed < 3; seed++) {
        List<Float> firsts = new ArrayList<>();
        try (BatchStream stream =
            BatchStream.training(
                new Pictures(20, SHAPE),
                PLAIN,
                ImageRecipe.of(Augmentation.NONE),
                BatchShare.whole(8),
                seed,
                epoch,
                0)) {
          for (ImageBatch batch = stream.next(); batch != null; batch = stream.next()) {
            Seen.of(batch).images().forEach(image -> firsts.add(image.getFirst()));
          }
        }
        assertThat(firsts).hasSize(20).doesNotHaveDuplicates();
        orders.add(firsts);
      }
    }
    assertThat(orders).hasSize(9);
  }

  @Test
  void theSameSeedAndEpochGiveTheSameBatches() {
    assertThat(all(training(50, 8, 3, 2, 0))).isEqualTo(all(training(50, 8, 3, 2, 0)));
    assertThat(all(training(50, 8, 3, 2, 0))).isNotEqualTo(all(training(50, 8, 3, 1, 0)));
    assertThat(all(training(50, 8, 3, 2, 0))).isNotEqualTo(all(training(50, 8, 4, 2, 0)));
  }

  @Property(tries = 50)
  void beginningLaterGivesTheRest(
      @ForAll @IntRange(min = 1, max = 40) int images,
      @ForAll @IntRange(min = 1, max = 12) int batchSize,
      @ForAll long seed,
      @ForAll @IntRange(max = 40) int later) {
    List<Seen> whole = all(training(images, batchSize, seed, 1, 0));
    assertThat(whole).hasSize(Math.ceilDiv(images, batchSize));
    int first = Math.min(later, whole.size());
    assertThat(all(training(images, batchSize, seed, 1, first)))
        .isEqualTo(whole.subList(first, whole.size()));
  }

  @Test
  @Timeout(20)
  void batchesAreUsedAgain() {
    Set<ImageBatch> different = Collections.newSetFromMap(new IdentityHashMap<>());
    try (BatchStream stream = training(500, 2, 1, 1, 0)) {
      for (ImageBatch batch = stream.next(); batch != null; batch = stream.next()) {
        different.add(batch);
      }
    }
    assertThat(different).hasSizeBetween(2, 4);
  }

  @Test
  void theTakersBatchIsLeftAlone() throws InterruptedException {
    try (BatchStream stream = BatchStream.inOrder(new Pictures(20, SHAPE), PLAIN, 1)) {
      ImageBatch batch = stream.next();
      assertThat(batch).isNotNull();
      Seen before = Seen.of(batch);
      Thread.sleep(50);
      assertThat(Seen.of(batch)).isEqualTo(before);
    }
  }

  @Test
  @Timeout(20)
  void closingEarlyEndsTheThread() throws InterruptedException {
    for (int taken = 0; taken < 4; taken++) {
      BatchStream stream = training(500, 2, 1, 1, 0);
      for (int i = 0; i < taken; i++) {
        assertThat(stream.next()).isNotNull();
      }
      stream.close();
      stream.close();
      assertThatThrownBy(stream::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the stream of batches is closed");
    }
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(BatchStreamTest::prepares)) {
      Thread.sleep(5);
    }
  }

  private static boolean prepares(Thread thread) {
    return thread.getName().equals("batches") && thread.isAlive();
  }

  @Test
  @Timeout(20)
  void whatThePreparingThreadMetIsRethrown() {
    assertRethrown(new UserError("image 5 is gone"));
    assertRethrown(new StackOverflowError("deep"));
  }

  private static void assertRethrown(Throwable met) {
    Dataset broken = new Broken(new Pictures(9, SHAPE), 5, met);
    try (BatchStream stream = BatchStream.inOrder(broken, PLAIN, 2)) {
      assertThat(stream.next()).isNotNull();
      assertThat(stream.next()).isNotNull();
      assertThatThrownBy(stream::next).isSameAs(met);
      assertThatThrownBy(stream::next).isSameAs(met);
    }
  }

  @Test
  @Timeout(20)
  void anInterruptedTakerIsTold() {
    try (BatchStream stream = training(50, 8, 1, 1, 0)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(stream::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("interrupted while waiting for a batch");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void impossibleBeginningsAreRefused() {
    assertThatThrownBy(() -> training(10, 4, 1, 1, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an epoch of 3 batches cannot begin at batch 4");
    assertThatThrownBy(() -> training(10, 0, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Throws when one image is read. */
  private record Broken(Dataset whole, int image, Throwable met) implements StoredImages {
    @Override
    public int size() {
      return whole.size();
    }

    @Override
    public ImageShape shape() {
      return whole.shape();
    }

    @Override
    public List<String> classes() {
      return whole.classes();
    }

    @Override
    public int label(int index) {
      return whole.label(index);
    }

    @Override
    public void read(int index, byte[] values) {
      if (index == image) {
        switch (met) {
          case Error error -> throw error;
          case RuntimeException exception -> throw exception;
          default -> throw new AssertionError(met);
        }
      }
      whole.read(index, values);
    }
  }
}
