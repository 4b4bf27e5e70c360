package org.igcnet.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.HelperThread;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.MemoryPlan;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch, prepared ahead on another thread. The last one may be short.
 *
 * <p>A few batches are used again and again: the one given out, those that wait, and the one being
 * filled. One thread at a time may take batches; any may close the stream.
 */
public final class BatchStream implements AutoCloseable {
  private static final int BATCHES = 4;

  /** What the preparing thread hands over. */
  private sealed interface Prepared {
    record Full(ImageBatch batch, Epoch.Filled filled) implements Prepared {}

    record End() implements Prepared {}

    record Failed(Throwable cause) implements Prepared {}
  }

  /**
   * What the two threads hand each other, one way empty batches and the other way prepared ones.
   * Once it is closed nothing goes through any more, whoever comes first.
   */
  private static final class Exchange {
    private final Deque<ImageBatch> empty = new ArrayDeque<>();
    private final Deque<Prepared> ready = new ArrayDeque<>();
    private boolean closed;

    synchronized void giveBack(ImageBatch batch) {
      empty.add(batch);
      notifyAll();
    }

    /** Waits for a batch to fill; null after the end. */
    synchronized @Nullable ImageBatch toFill() throws InterruptedException {
      while (empty.isEmpty() && !closed) {
        wait();
      }
      return closed ? null : empty.remove();
    }

    synchronized void put(Prepared prepared) {
      ready.add(prepared);
      notifyAll();
    }

    /**
     * Waits for what comes next; an end and a failure stay for whoever asks again. An interrupt is
     * told even where there is nothing to wait for, so that chance has no part in it.
     */
    synchronized Prepared take() throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      while (ready.isEmpty() && !closed) {
        wait();
      }
      if (closed) {
        throw new IllegalStateException("the stream of batches is closed");
      }
      return switch (ready.element()) {
        case Prepared.Full full -> ready.remove();
        case Prepared.End end -> end;
        case Prepared.Failed failed -> failed;
      };
    }

    synchronized boolean isClosed() {
      return closed;
    }

    synchronized void close() {
      closed = true;
      notifyAll();
    }
  }

  private final Epoch epoch;
  private final Exchange exchange = new Exchange();
  private final HelperThread preparing;

  /** The batch that the taker has. */
  private @Nullable ImageBatch lent;

  /** The indices of its images, in the data set. */
  private List<Integer> images = List.of();

  private int passed;
  private final List<String> skipped = new ArrayList<>();

  private BatchStream(Epoch epoch, int firstBatch) {
    if (firstBatch < 0 || firstBatch > epoch.batches()) {
      throw new IllegalArgumentException(
          "an epoch of %d batches cannot begin at batch %d".formatted(epoch.batches(), firstBatch));
    }
    this.epoch = epoch;
    this.passed = firstBatch;
    for (int i = 0; i < BATCHES; i++) {
      exchange.giveBack(epoch.newBatch());
    }
    Exchange to = exchange;
    preparing = HelperThread.start("batches", () -> prepare(epoch, firstBatch, to));
  }

  /**
   * One epoch of training: every image once, in an order that depends on {@code seed} and {@code
   * epoch} alone. How an image is varied depends on these and its index in the data set, so that an
   * epoch begun at {@code firstBatch} gives the very batches that running through gives. Pictures
   * are decoded on all cores; those that cannot be are left out, which leaves all others in place.
   *
   * @param dataset the training images
   * @param normalization what is taken from them first
   * @param recipe how they are varied, and what is to be said of them
   * @param share what to take of every batch
   * @param seed of the training
   * @param epoch which, from 0
   * @param firstBatch batches to leave out at the beginning
   * @return the epoch's batches, to be closed
   */
  public static BatchStream training(
      Dataset dataset,
      Normalization normalization,
      ImageRecipe recipe,
      BatchShare share,
      long seed,
      int epoch,
      int firstBatch) {
    return new BatchStream(
        Epoch.shuffled(dataset, normalization, recipe, share, seed, epoch), firstBatch);
  }

  /**
   * {@return batches of every image once, in order, as it is; to be closed}
   *
   * @param dataset the images
   * @param normalization what is taken from them first
   * @param batchSize images in a batch
   */
  public static BatchStream inOrder(Dataset dataset, Normalization normalization, int batchSize) {
    return inOrder(dataset, normalization, batchSize, 0, dataset.size());
  }

  /**
   * {@return batches of some of the images once, in order, as they are; to be closed}
   *
   * @param dataset the images
   * @param normalization what is taken from them first
   * @param batchSize images in a batch
   * @param first the index of the first of them
   * @param end the index after the last
   */
  public static BatchStream inOrder(
      Dataset dataset, Normalization normalization, int batchSize, int first, int end) {
    return new BatchStream(Epoch.inOrder(dataset, normalization, batchSize, first, end), 0);
  }

  /**
   * {@return the bytes of memory that a stream takes}
   *
   * @param shape of the images
   * @param batchSize images in a batch
   */
  public static long bytes(ImageShape shape, int batchSize) {
    return BATCHES * MemoryPlan.floats(ImageBatch.floats(shape, batchSize));
  }

  /** {@return the number of batches in the whole epoch, those left out at the beginning too} */
  public int batches() {
    return epoch.batches();
  }

  /** {@return the number of batches that are given out, or left out at the beginning} */
  public int passed() {
    return passed;
  }

  /**
   * {@return what is to say of the pictures that were left out of the batches so far, as they
   * cannot be decoded: a sentence each} Each is told once.
   */
  public List<String> skipped() {
    List<String> told = List.copyOf(skipped);
    skipped.clear();
    return told;
  }

  /**
   * Waits for the next batch.
   *
   * @return a batch that is valid until the following call, or null at the end; one without images
   *     where all its pictures are damaged, or nothing is left of a share
   * @throws RuntimeException what went wrong while a batch was prepared
   * @throws IllegalStateException after {@link #close}, whatever was prepared before it, or where
   *     the waiting thread is interrupted
   */
  public @Nullable ImageBatch next() {
    if (lent != null) {
      exchange.giveBack(lent);
      lent = null;
    }
    return switch (take()) {
      case Prepared.Full(ImageBatch batch, Epoch.Filled filled) -> {
        passed++;
        images = filled.images();
        skipped.addAll(filled.skipped());
        lent = batch;
        yield batch;
      }
      case Prepared.End _ -> null;
      case Prepared.Failed(Throwable cause) -> throw rethrown(cause);
    };
  }

  /** {@return the indices in the data set of the images of the batch that was given out last} */
  public List<Integer> images() {
    return images;
  }

  /** Stops the preparing thread and waits for its end; of a batch it reads no more pictures. */
  @Override
  public void close() {
    exchange.close();
    preparing.awaitEnd();
  }

  private Prepared take() {
    try {
      return exchange.take();
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

  private static void prepare(Epoch epoch, int firstBatch, Exchange exchange) {
    try {
      for (int index = firstBatch; index < epoch.batches(); index++) {
        ImageBatch batch = exchange.toFill();
        if (batch == null) {
          return;
        }
        Epoch.Filled filled = epoch.fill(batch, index, exchange::isClosed);
        exchange.put(new Prepared.Full(batch, filled));
      }
      exchange.put(new Prepared.End());
    } catch (InterruptedException e) {
      exchange.put(
          new Prepared.Failed(
              new IllegalStateException("the thread that prepares batches was interrupted", e)));
    } catch (RuntimeException | Error met) {
      exchange.put(new Prepared.Failed(met));
    }
  }
}
