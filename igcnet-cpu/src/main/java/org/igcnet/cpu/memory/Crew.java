package org.igcnet.cpu.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.igcnet.backend.HelperThread;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compute: the caller's own and some that wait for work. One thread at a time may
 * give them work.
 *
 * <p>Which thread takes which task is left to chance, so a task must write only what is its own.
 */
public final class Crew implements AutoCloseable {
  /** Looks for what is to come before a thread goes to sleep: passes follow each other closely. */
  private static final int SPINS = 20_000;

  /** One task of a pass. */
  @FunctionalInterface
  public interface Work {
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
    private final Thread caller = Thread.currentThread();

    /** What each worker met, and in which task: made before it is needed, as memory may be gone. */
    private final @Nullable Throwable[] met;

    private final int[] failedTask;
    private volatile boolean failed;

    Pass(Work work, int tasks, int workers) {
      this.work = work;
      this.tasks = tasks;
      this.left = new AtomicInteger(tasks);
      this.met = new Throwable[workers];
      this.failedTask = new int[workers];
    }

    /** Does tasks until all are taken. After a failure, those that nobody has begun are let be. */
    void take(int worker) {
      for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
        try {
          if (!failed) {
            work.run(task, worker);
          }
        } catch (RuntimeException | Error e) {
          met[worker] = e;
          failedTask[worker] = task;
          failed = true;
        } finally {
          if (left.decrementAndGet() == 0) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    /** Waits until no task is under way. */
    void await() {
      for (int spins = 0; left.get() > 0; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
    }

    /**
     * Throws what the first of the tasks that failed met. Tasks are taken in order, so it has been
     * done however threads ran: which failure is thrown is not left to chance.
     */
    @SuppressWarnings("ReferenceEquality") // Nothing suppresses itself, as a shared error would.
    void rethrow() {
      int first = -1;
      for (int worker = 0; worker < met.length; worker++) {
        if (met[worker] != null && (first < 0 || failedTask[worker] < failedTask[first])) {
          first = worker;
        }
      }
      Throwable thrown = Objects.requireNonNull(met[first]);
      for (Throwable other : met) {
        if (other != null && other != thrown) {
          thrown.addSuppressed(other);
        }
      }
      switch (thrown) {
        case Error error -> throw error;
        default -> throw (RuntimeException) thrown;
      }
    }
  }

  private final List<HelperThread> helpers = new ArrayList<>();
  private volatile @Nullable Pass pass;
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param threads all threads, the caller's included, at least 1
   */
  public Crew(int threads) {
    try {
      for (int worker = 1; worker < threads; worker++) {
        int index = worker;
        helpers.add(HelperThread.start("igcnet-" + worker, () -> serve(index)));
      }
    } catch (Error noMoreThreads) {
      close();
      throw noMoreThreads;
    }
  }

  /** Number of threads, the caller's included. */
  public int size() {
    return helpers.size() + 1;
  }

  /**
   * Does tasks 0 to {@code tasks} − 1 and returns when all are done.
   *
   * @throws RuntimeException or an Error: what the first task that failed has thrown; no task is
   *     under way then
   * @throws IllegalStateException after {@link #close}
   */
  public void run(int tasks, Work work) {
    if (closed) {
      throw new IllegalStateException("the engine's threads are closed");
    }
    Pass current = new Pass(work, tasks, size());
    if (tasks > 1) {
      pass = current;
      helpers.forEach(HelperThread::wake);
    }
    current.take(0);
    current.await();
    if (current.failed) {
      current.rethrow();
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

  /** Ends the threads and waits for their end. */
  @Override
  public void close() {
    closed = true;
    helpers.forEach(HelperThread::wake);
    helpers.forEach(HelperThread::awaitEnd);
  }
}
