package org.igcnet.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Predictor;
import org.igcnet.data.Views;
import org.jspecify.annotations.Nullable;

/**
 * Seats at which one thread each computes one image, all with the same weights. A seat is made when
 * it is first wanted. Who finds none free waits, and who came first goes first.
 */
final class SessionPool implements AutoCloseable {
  private final int seats;
  private final Predictor predictor;

  /** As many as there are seats that nobody is at, made or not. */
  private final Semaphore free;

  /** Those that are made and that nobody is at; locked by itself. */
  private final Deque<Seat> idle = new ArrayDeque<>();

  private volatile boolean closed;

  private SessionPool(int seats, Predictor predictor) {
    this.seats = seats;
    this.predictor = predictor;
    this.free = new Semaphore(seats, true);
    idle.add(new Seat(predictor.session(1)));
  }

  /**
   * A pool with one seat for each thread.
   *
   * @param compute what runs the model
   * @param views what it is shown of each image
   */
  static SessionPool of(Model model, Compute compute, Views views) {
    Predictor one = compute.predictor(model.architecture(), model.weights(), 1);
    return new SessionPool(compute.threads(), ViewsSession.over(one, views));
  }

  /** What one thread at a time computes with. */
  static final class Seat {
    private final InferenceSession session;
    private final ImageBatch image;

    private Seat(InferenceSession session) {
      this.session = session;
      this.image = new ImageBatch(session.architecture().input(), 1);
    }

    /** Those of one normalised image; valid until the next call. */
    float[] logits(float[] normalised) {
      image.put(0, normalised, 0);
      return session.logits(image);
    }
  }

  /**
   * Does some work at a seat.
   *
   * @throws IllegalStateException where the pool is closed before the work begins
   */
  <T> T at(Function<Seat, T> work) {
    free.acquireUninterruptibly();
    try {
      requireOpen();
      Seat seat = taken();
      try {
        return work.apply(seat);
      } finally {
        giveBack(seat);
      }
    } finally {
      free.release();
    }
  }

  /**
   * Looks whether work can be done.
   *
   * @throws IllegalStateException where the pool is closed
   */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the classifier is closed, so it can classify nothing more");
    }
  }

  private Seat taken() {
    @Nullable Seat made;
    synchronized (idle) {
      made = idle.poll();
    }
    return made == null ? new Seat(predictor.session(1)) : made;
  }

  private void giveBack(Seat seat) {
    synchronized (idle) {
      idle.push(seat);
    }
  }

  /** Waits until all work that has begun is done; work that waits for a seat is refused. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    free.acquireUninterruptibly(seats);
    synchronized (idle) {
      idle.forEach(seat -> seat.session.close());
      idle.clear();
    }
    free.release(seats);
  }
}
