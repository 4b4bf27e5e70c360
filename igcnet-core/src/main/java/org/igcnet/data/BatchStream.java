package org.igcnet.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.igcnet.arch.ImageShape;
import org.igcnet.engine.Batch;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch, prepared ahead on another thread. The last one may be short.
 *
 * <p>A few batches are used again and again: the one given out, those that wait, and the one being
 * filled. One thread at a time may take batches.
 */
public final class BatchStream implements AutoCloseable {
  private static final int BATCHES = 4;

  /** What the preparing thread hands over. */
  private sealed interface Prepared {
    record Full(Batch batch, List<String> skipped) implements Prepared {}

    /** All pictures of a batch are damaged. */
    record Empty(Batch batch, List<String> skipped) implements Prepared {}

    record End() implements Prepared {}

    record Failed(Throwable cause) implements Prepared {}
  }

  private final Epoch epoch;
  private final BlockingQueue<Batch> empty = new LinkedBlockingQueue<>();
  private final BlockingQueue<Prepared> ready = new LinkedBlockingQueue<>();
  private final Thread preparing;

  /** The batch that the taker has. */
  private @Nullable Batch lent;

  private int passed;
  private final List<String> skipped = new ArrayList<>();

  private BatchStream(Epoch epoch, int normImages, int firstBatch) {
    if (firstBatch < 0 || firstBatch > epoch.batches()) {
      throw new IllegalArgumentException(
          "an epoch of %d batches cannot begin at batch %d".formatted(epoch.batches(), firstBatch));
    }
    this.epoch = epoch;
    this.passed = firstBatch;
    for (int i = 0; i < BATCHES; i++) {
      empty.add(epoch.newBatch(normImages));
    }
    preparing = Thread.ofPlatform().daemon().name("batches").unstarted(() -> prepare(firstBatch));
  }

  /**
   * One epoch of training: every image once, in an order that depends on {@code seed} and {@code
   * epoch} alone. How an image is varied depends on these and its index in the data set, so that an
   * epoch begun at {@code firstBatch} gives the very batches that running through gives. Pictures
   * are decoded on all cores; those that cannot be are left out, which leaves all others in place.
   *
   * @param batchSize images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param firstBatch batches to leave out at the beginning
   */
  public static BatchStream training(
      Dataset dataset,
      Normalization normalization,
      Augmentation augmentation,
      int batchSize,
      int normImages,
      long seed,
      int epoch,
      int firstBatch) {
    return started(
        Epoch.shuffled(dataset, normalization, augmentation, batchSize, seed, epoch),
        normImages,
        firstBatch);
  }

  /** Every image once, in order, as it is. */
  public static BatchStream inOrder(Dataset dataset, Normalization normalization, int batchSize) {
    return started(Epoch.inOrder(dataset, normalization, batchSize), batchSize, 0);
  }

  /**
   * Bytes of memory that a stream takes.
   *
   * @param shape of the images
   * @param batchSize images in a batch
   * @param normImages images that share batch normalisation's statistics
   */
  public static long bytes(ImageShape shape, int batchSize, int normImages) {
    return BATCHES * Batch.bytes(shape, batchSize, normImages);
  }

  private static BatchStream started(Epoch epoch, int normImages, int firstBatch) {
    BatchStream stream = new BatchStream(epoch, normImages, firstBatch);
    stream.preparing.start();
    return stream;
  }

  /** Number of batches in the whole epoch, those left out at the beginning too. */
  public int batches() {
    return epoch.batches();
  }

  /** Number of batches that are given out, left out at the beginning, or without an image. */
  public int passed() {
    return passed;
  }

  /**
   * What is to say of the pictures that were left out of the batches so far, as they cannot be
   * decoded: a sentence each. Each is told once.
   */
  public List<String> skipped() {
    List<String> told = List.copyOf(skipped);
    skipped.clear();
    return told;
  }

  /**
   * Waits for the next batch.
   *
   * @return a batch that is valid until the following call, or null at the end
   * @throws RuntimeException what went wrong while a batch was prepared
   * @throws IllegalStateException after {@link #close}, or where the waiting thread is interrupted
   */
  public @Nullable Batch next() {
    if (lent != null) {
      empty.add(lent);
      lent = null;
    }
    while (true) {
      switch (take()) {
        case Prepared.Full(Batch batch, List<String> without) -> {
          pass(without);
          lent = batch;
          return batch;
        }
        case Prepared.Empty(Batch batch, List<String> without) -> {
          pass(without);
          empty.add(batch);
        }
        case Prepared.End end -> {
          ready.add(end);
          return null;
        }
        case Prepared.Failed failed -> {
          ready.add(failed);
          throw rethrown(failed.cause());
        }
      }
    }
  }

  private void pass(List<String> without) {
    passed++;
    skipped.addAll(without);
  }

  /** Stops the preparing thread. */
  @Override
  public void close() {
    preparing.interrupt();
    ready.clear();
    ready.add(new Prepared.Failed(new IllegalStateException("the stream of batches is closed")));
  }

  private Prepared take() {
    try {
      return ready.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }

  private void prepare(int firstBatch) {
    try {
      for (int index = firstBatch; index < epoch.batches(); index++) {
        Batch batch = empty.take();
        List<String> without = epoch.fill(batch, index);
        ready.add(
            without.size() < epoch.images(index)
                ? new Prepared.Full(batch, without)
                : new Prepared.Empty(batch, without));
      }
      ready.add(new Prepared.End());
    } catch (InterruptedException closed) {
      // close() has told the taker
    } catch (RuntimeException | Error met) {
      ready.add(new Prepared.Failed(met));
    }
  }
}
