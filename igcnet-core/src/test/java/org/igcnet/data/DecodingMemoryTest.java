package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecodingMemoryTest {
  private final DecodingMemory memory = new DecodingMemory(1 << 20);
  private final List<String> done = new CopyOnWriteArrayList<>();

  @Test
  void whoWantsMoreThanIsFreeWaits() throws InterruptedException {
    Thread second = Thread.ofPlatform().unstarted(() -> memory.during(600_000, () -> done("b")));
    memory.during(
        600_000,
        () -> {
          second.start();
          awaitWaiting(second);
          done("a");
        });
    second.join();
    assertThat(done).containsExactly("a", "b");
  }

  @Test
  void whoWantsMoreThanThereIsGetsAllOfIt() throws InterruptedException {
    Thread small = Thread.ofPlatform().unstarted(() -> memory.during(1, () -> done("small")));
    memory.during(
        1L << 40,
        () -> {
          small.start();
          awaitWaiting(small);
          done("giant");
        });
    small.join();
    assertThat(done).containsExactly("giant", "small");
  }

  @Test
  void aShareComesBackAfterAFailure() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  memory.during(
                      1 << 20,
                      () -> {
                        throw new IllegalStateException();
                      }))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void allDecodingTogetherIsBounded() {
    long usual = DecodingMemory.bytes(0);
    assertThat(usual).isGreaterThanOrEqualTo(160L << 20);
    assertThat(DecodingMemory.bytes(32 << 20)).isEqualTo(usual);
    assertThat(DecodingMemory.bytes(100 << 20)).isEqualTo(usual + (68 << 20));
  }

  private void done(String what) {
    done.add(what);
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
