package org.igcnet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** What tests do to threads to force an order. */
public final class Threads {
  private Threads() {}

  /** A thread that a test has started, and what it met. */
  public record Started(Thread thread, AtomicReference<Throwable> met) {
    /** Waits for its end, and throws what it met. */
    public void finish() throws InterruptedException {
      thread.join();
      if (met.get() != null) {
        throw new AssertionError("a thread of the test failed", met.get());
      }
    }
  }

  public static Started start(Runnable work) {
    AtomicReference<Throwable> met = new AtomicReference<>();
    Thread thread = Thread.ofPlatform().daemon().unstarted(work);
    thread.setUncaughtExceptionHandler((_, thrown) -> met.set(thrown));
    thread.start();
    return new Started(thread, met);
  }

  /** Waits until a thread waits for another, or has ended. */
  public static void awaitWaiting(Thread thread) {
    while (true) {
      switch (thread.getState()) {
        case WAITING, TIMED_WAITING, TERMINATED -> {
          return;
        }
        default -> Thread.onSpinWait();
      }
    }
  }

  /** Waits at a gate, whatever interrupts. */
  public static void pass(CountDownLatch gate) {
    boolean interrupted = false;
    while (true) {
      try {
        gate.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
