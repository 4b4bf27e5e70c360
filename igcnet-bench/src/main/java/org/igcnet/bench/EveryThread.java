package org.igcnet.bench;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** The same work on every thread; a step ends when the last thread is done. */
final class EveryThread implements Session {
  /** Duty on a thread's own memory. */
  @FunctionalInterface
  interface Duty {
    void run(float[] memory);
  }

  private final CyclicBarrier barrier;

  EveryThread(int threads, Duty work) {
    barrier = new CyclicBarrier(threads + 1);
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform().daemon(true).start(() -> serve(work));
    }
  }

  private void serve(Duty work) {
    float[] memory = new float[MemoryPass.FLOATS];
    while (true) {
      meet();
      work.run(memory);
      meet();
    }
  }

  @Override
  public void step() {
    meet();
    meet();
  }

  private void meet() {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("a thread of the measurement was stopped", e);
    }
  }
}
