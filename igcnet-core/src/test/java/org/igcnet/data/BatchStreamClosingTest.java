package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.igcnet.ConcurrentTest;
import org.igcnet.Threads;
import org.igcnet.Threads.Started;
import org.igcnet.arch.ImageShape;
import org.jspecify.annotations.Nullable;

/** What the two threads of a {@link BatchStream} do to each other when it is closed. */
class BatchStreamClosingTest {
  private static final Normalization PLAIN = new Normalization(List.of(0f), List.of(1f));

  /** Ten images in batches of two, one of which is only read when a gate opens. */
  private static class Gated implements StoredImages {
    private final int gated;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> reader = new AtomicReference<>();
    private final AtomicInteger reads = new AtomicInteger();

    Gated(int gated) {
      this.gated = gated;
    }

    BatchStream stream() {
      return BatchStream.inOrder(this, PLAIN, 2);
    }

    Thread reader() {
      Threads.pass(reached);
      return Objects.requireNonNull(reader.get());
    }

    @Override
    public int size() {
      return 10;
    }

    @Override
    public ImageShape shape() {
      return new ImageShape(1, 2, 3);
    }

    @Override
    public List<String> classes() {
      return List.of("a", "b");
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public void read(int index, byte[] values) {
      reads.incrementAndGet();
      if (index == gated) {
        reader.set(Thread.currentThread());
        reached.countDown();
        Threads.pass(gate);
      }
    }
  }

  private static void assertRefused(BatchStream stream) {
    assertThatThrownBy(stream::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the stream of batches is closed");
  }

  /**
   * The batch is finished after the refusal is there: it must stand neither before nor behind it.
   */
  @ConcurrentTest
  void aBatchThatIsBeingFilledAtCloseIsNeverGivenOut() throws InterruptedException {
    Gated images = new Gated(2);
    BatchStream stream = images.stream();
    assertThat(stream.next()).isNotNull();
    Thread reader = images.reader();
    Started closer = Threads.start(stream::close);
    Threads.awaitWaiting(closer.thread());
    assertThat(closer.thread().isAlive()).as("close waits for the reader").isTrue();
    assertRefused(stream);
    images.gate.countDown();
    closer.finish();
    assertThat(reader.isAlive()).isFalse();
    assertRefused(stream);
    assertRefused(stream);
    assertThat(images.reads).as("the batch's second image is not read any more").hasValue(3);
  }

  @ConcurrentTest
  void preparedBatchesAreNotGivenOutAfterClose() {
    Gated images = new Gated(9);
    BatchStream stream = images.stream();
    assertThat(stream.next()).isNotNull();
    images.gate.countDown();
    stream.close();
    stream.close();
    assertRefused(stream);
    assertRefused(stream);
  }

  /** The reader of a stream whose batches all wait is asleep, and nothing is being read. */
  @ConcurrentTest
  void aReaderThatWaitsForAnEmptyBatchEnds() {
    Gated images = new Gated(7);
    images.gate.countDown();
    BatchStream stream = images.stream();
    Thread reader = images.reader();
    Threads.awaitWaiting(reader);
    stream.close();
    assertThat(reader.isAlive()).isFalse();
    assertThat(images.reads).hasValue(8);
    assertRefused(stream);
  }

  @ConcurrentTest
  void aTakerThatWaitsIsRefused() throws InterruptedException {
    Gated images = new Gated(0);
    BatchStream stream = images.stream();
    images.reader();
    Started taker = Threads.start(() -> assertRefused(stream));
    Threads.awaitWaiting(taker.thread());
    Started closer = Threads.start(stream::close);
    taker.finish();
    images.gate.countDown();
    closer.finish();
  }

  @ConcurrentTest
  void anInterruptedCloserWaitsAllTheSame() throws InterruptedException {
    Gated images = new Gated(0);
    BatchStream stream = images.stream();
    Thread reader = images.reader();
    Started closer =
        Threads.start(
            () -> {
              Thread.currentThread().interrupt();
              stream.close();
              assertThat(reader.isAlive()).isFalse();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    Threads.awaitWaiting(closer.thread());
    assertThat(reader.isAlive()).isTrue();
    images.gate.countDown();
    closer.finish();
  }

  @ConcurrentTest
  void aStreamAtItsEndIsRefusedAfterClose() {
    Gated images = new Gated(0);
    images.gate.countDown();
    BatchStream stream = images.stream();
    for (int i = 0; i < 5; i++) {
      assertThat(stream.next()).isNotNull();
    }
    assertThat(stream.next()).isNull();
    stream.close();
    assertRefused(stream);
  }

  @ConcurrentTest
  void aReaderThatIsInterruptedSaysSo() throws InterruptedException {
    Gated images =
        new Gated(0) {
          @Override
          public void read(int index, byte[] values) {
            super.read(index, values);
            Thread.currentThread().interrupt();
          }
        };
    images.gate.countDown();
    try (BatchStream stream = images.stream()) {
      images.reader().join();
      for (int i = 0; i < 4; i++) {
        assertThat(stream.next()).isNotNull();
      }
      assertThatThrownBy(stream::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the thread that prepares batches was interrupted");
    }
  }

  /** Images are read on many threads: none may still read when the failure is told. */
  @ConcurrentTest
  void theFirstImageThatFailsIsToldWhenAllAreRead() {
    AtomicInteger reads = new AtomicInteger();
    List<Error> met = List.of(new OutOfMemoryError("0"), new OutOfMemoryError("1"));
    Gated images =
        new Gated(0) {
          @Override
          public void read(int index, byte[] values) {
            reads.incrementAndGet();
            if (index == 3 || index == 7) {
              throw met.get(index / 4);
            }
          }
        };
    Epoch epoch = Epoch.inOrder(images, PLAIN, 10, 0, 10);
    assertThatThrownBy(() -> epoch.fill(epoch.newBatch(), 0, () -> false)).isSameAs(met.getFirst());
    assertThat(reads).hasValue(10);
  }
}
