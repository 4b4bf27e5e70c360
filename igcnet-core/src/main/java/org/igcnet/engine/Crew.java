package org.igcnet.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compute: the caller's own and some that wait for work.
 *
 * <p>Which thread takes which task is left to chance, so a task must write only what is its own.
 */
final class Crew implements AutoCloseable {
  /** Looks for new work before a thread goes to sleep: passes follow each other closely. */
  private static final int SPINS = 20_000;

  /** One task of a pass. */
  @FunctionalInterface
  interface Work {
    /**
     * Does one task.
     *
     * @param task its index
     * @param worker index of the thread that does it, for scratch memory
     */
    void run(int task, int worker);
  }

  /** A pass that is under way. */
  private static final class Pass {
    private final Work work;
    private final int tasks;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left;
    private volatile @Nullable Throwable failure;

    Pass(Work work, int tasks) {
      this.work = work;
      this.tasks = tasks;
      this.left = new AtomicInteger(tasks);
    }

    void take(int worker) {
      for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
        try {
          work.run(task, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          left.decrementAndGet();
        }
      }
    }
  }

  private final Thread[] helpers;
  private volatile @Nullable Pass pass;
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param threads all threads, the caller's included, at least 1
   */
  Crew(int threads) {
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] =
          Thread.ofPlatform().name("igcnet-" + worker).daemon(true).start(() -> serve(worker));
    }
  }

  /** Number of threads, the caller's included. */
  int size() {
    return helpers.length + 1;
  }

  /** Does tasks 0 to {@code tasks} − 1 and returns when all are done. */
  void run(int tasks, Work work) {
    Pass current = new Pass(work, tasks);
    if (tasks > 1) {
      pass = current;
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
    }
    current.take(0);
    while (current.left.get() > 0) {
      Thread.onSpinWait();
    }
    Throwable failure = current.failure;
    if (failure != null) {
      throw new IllegalStateException("a task of the engine failed", failure);
    }
  }

  private void serve(int worker) {
    Pass done = null;
    int idle = 0;
    while (!closed) {
      Pass current = pass;
      if (current != null && current != done) {
        current.take(worker);
        done = current;
        idle = 0;
      } else if (++idle < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        idle = 0;
      }
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
