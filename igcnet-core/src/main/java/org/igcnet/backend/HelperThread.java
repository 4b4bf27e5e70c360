package org.igcnet.backend;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A thread that helps its owner, and that the owner waits for when it has no more work for it. */
public final class HelperThread {
  /** A read from a disk that is gone never ends, and nobody is to wait for it. */
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  private final Thread thread;

  private HelperThread(Thread thread) {
    this.thread = thread;
  }

  /**
   * Starts a thread, which keeps no process from ending.
   *
   * @param name as thread dumps show it
   * @param work what it does; it throws nothing
   * @return the thread
   */
  public static HelperThread start(String name, Runnable work) {
    return new HelperThread(Thread.ofPlatform().daemon().name(name).start(work));
  }

  /** Wakes it where it is parked. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Waits until it has ended, which its owner has told it to do; half a minute at most. An
   * interrupt that arrives meanwhile is kept for later.
   */
  public void awaitEnd() {
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    boolean interrupted = false;
    try {
      for (long left = LONGEST_END.toNanos(); left > 0; left = deadline - System.nanoTime()) {
        try {
          thread.join(Duration.ofNanos(left));
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
