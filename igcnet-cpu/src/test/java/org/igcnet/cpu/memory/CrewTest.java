package org.igcnet.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.igcnet.ConcurrentTest;
import org.igcnet.Threads;
import org.igcnet.Threads.Started;
import org.jspecify.annotations.Nullable;

/** The threads that compute, in the orders in which they may meet. */
class CrewTest {
  @ConcurrentTest
  void everyTaskIsDoneOnceAndIsSeen() {
    try (Crew crew = new Crew(4)) {
      int[] plain = new int[1000];
      for (int pass = 1; pass <= 20; pass++) {
        crew.run(plain.length, (task, worker) -> plain[task] += worker < 4 ? 1 : 1000);
        assertThat(plain).containsOnly(pass);
      }
    }
  }

  /** Two workers are in the middle of a task each; the later task fails first. */
  @ConcurrentTest
  void theFirstTaskThatFailsIsToldAndTheOtherIsBesideIt() {
    IllegalStateException one = new IllegalStateException("task 0");
    IllegalStateException two = new IllegalStateException("task 1");
    CountDownLatch failed = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    try (Crew crew = new Crew(2)) {
      assertThatThrownBy(
              () ->
                  crew.run(
                      50,
                      (task, worker) -> {
                        begun.incrementAndGet();
                        switch (task) {
                          case 0 -> {
                            Threads.pass(failed);
                            throw one;
                          }
                          case 1 -> {
                            failed.countDown();
                            throw two;
                          }
                          default -> throw new AssertionError("task " + task + " is begun");
                        }
                      }))
          .isSameAs(one)
          .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(two));
      assertThat(begun).hasValue(2);
    }
  }

  /** The caller's own task fails while a helper is in the middle of another. */
  @ConcurrentTest
  void noTaskIsUnderWayWhenAFailureIsTold() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch helping = new CountDownLatch(1);
    AtomicInteger underWay = new AtomicInteger();
    try (Crew crew = new Crew(2)) {
      Started running =
          Threads.start(
              () -> {
                assertThatThrownBy(
                        () ->
                            crew.run(
                                2,
                                (_, worker) -> {
                                  if (worker == 0) {
                                    Threads.pass(helping);
                                    throw new OutOfMemoryError("the caller's");
                                  }
                                  underWay.incrementAndGet();
                                  helping.countDown();
                                  Threads.pass(gate);
                                  underWay.decrementAndGet();
                                }))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessage("the caller's");
                assertThat(underWay).hasValue(0);
              });
      Threads.pass(helping);
      Threads.awaitWaiting(running.thread());
      assertThat(running.thread().isAlive()).as("waits for the helper").isTrue();
      gate.countDown();
      running.finish();
    }
  }

  @ConcurrentTest
  void aHelperOutlivesAnErrorOfItsTask() {
    AtomicIntegerArray byWorker = new AtomicIntegerArray(2);
    try (Crew crew = new Crew(2)) {
      for (int pass = 1; pass <= 3; pass++) {
        CountDownLatch both = new CountDownLatch(2);
        assertThatThrownBy(
                () ->
                    crew.run(
                        2,
                        (_, worker) -> {
                          byWorker.incrementAndGet(worker);
                          both.countDown();
                          Threads.pass(both);
                          if (worker == 1) {
                            throw new StackOverflowError("the helper's");
                          }
                        }))
            .isInstanceOf(StackOverflowError.class)
            .hasMessage("the helper's");
        assertThat(byWorker.get(1)).isEqualTo(pass);
      }
    }
  }

  /** Java's own error for want of memory may be one object for all threads. */
  @ConcurrentTest
  void oneErrorOfTwoWorkersDoesNotSuppressItself() {
    OutOfMemoryError shared = new OutOfMemoryError("shared");
    CountDownLatch both = new CountDownLatch(2);
    try (Crew crew = new Crew(2)) {
      assertThatThrownBy(
              () ->
                  crew.run(
                      2,
                      (_, _) -> {
                        both.countDown();
                        Threads.pass(both);
                        throw shared;
                      }))
          .isSameAs(shared)
          .hasNoSuppressedExceptions();
    }
  }

  @ConcurrentTest
  void closingEndsTheThreadsWhateverTheyDo() {
    for (int passes = 0; passes < 3; passes++) {
      AtomicReference<@Nullable Thread> helper = new AtomicReference<>();
      Crew crew = new Crew(2);
      for (int pass = 0; pass < passes; pass++) {
        CountDownLatch both = new CountDownLatch(2);
        crew.run(
            2,
            (_, worker) -> {
              both.countDown();
              Threads.pass(both);
              if (worker == 1) {
                helper.set(Thread.currentThread());
              }
            });
      }
      crew.close();
      crew.close();
      Thread ended = helper.get();
      assertThat(ended == null || !ended.isAlive()).isTrue();
      assertThatThrownBy(() -> crew.run(1, (_, _) -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the engine's threads are closed");
    }
  }
}
