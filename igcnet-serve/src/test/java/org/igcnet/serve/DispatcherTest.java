package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Compute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  private final GatedEngine engine = new GatedEngine();
  private final List<Integer> told = Collections.synchronizedList(new ArrayList<>());
  private final Dispatcher dispatcher =
      Dispatcher.of(Models.small(), new Compute(engine, "cpu", 1), told::add);

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private static float[] image(float first) {
    float[] image = new float[ImageShape.CIFAR.size()];
    image[0] = first;
    image[1] = 2 * first;
    return image;
  }

  private List<CompletableFuture<float[]>> asked(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> dispatcher.logits(image(i))).toList();
  }

  @Test
  void whatWaitsIsComputedTogetherUpToABatch() throws InterruptedException {
    CompletableFuture<float[]> first = dispatcher.logits(image(100));
    engine.first.await();
    List<CompletableFuture<float[]>> waiting = asked(0, 20);
    engine.gate.release(4);
    assertThat(first.join()).containsExactly(100, 200, 0, 0);
    for (int i = 0; i < waiting.size(); i++) {
      assertThat(waiting.get(i).join()).containsExactly(i, 2 * i, 0, 0);
    }
    assertThat(engine.batches).containsExactly(1, 8, 8, 4);
    assertThat(told).isEqualTo(engine.batches);
  }

  @Test
  void whatNobodyWantsAnyMoreIsLeftOut() throws InterruptedException {
    CompletableFuture<float[]> first = dispatcher.logits(image(100));
    engine.first.await();
    List<CompletableFuture<float[]>> waiting = asked(0, 5);
    waiting.get(1).cancel(false);
    waiting.get(3).cancel(false);
    engine.gate.release(2);
    assertThat(first.join()[0]).isEqualTo(100);
    assertThat(waiting.get(4).join()[0]).isEqualTo(4);
    assertThat(engine.batches).containsExactly(1, 3);
  }

  @Test
  void aBatchThatFailsFailsForAllOfItAndTheNextIsComputed() throws InterruptedException {
    engine.gate.release(3);
    CompletableFuture<float[]> broken = dispatcher.logits(image(Float.NaN));
    assertThatThrownBy(broken::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("it broke");
    assertThat(dispatcher.logits(image(3)).join()[0]).isEqualTo(3);
    assertThat(dispatcher.logits(image(4)).join()[0]).isEqualTo(4);
  }

  /** What an image's logits are does not depend on what it is computed with. */
  @Test
  void theEngineGivesTheSameBitsInAnyCompany() {
    Architecture architecture = Models.small().architecture();
    List<float[]> alone = new ArrayList<>();
    try (Dispatcher one = Dispatcher.of(Models.small(), Compute.threads(1), _ -> {})) {
      for (int i = 0; i < 30; i++) {
        alone.add(one.logits(image(i)).join());
      }
    }
    try (Dispatcher many = Dispatcher.of(Models.small(), Compute.threads(3), _ -> {})) {
      List<CompletableFuture<float[]>> together =
          IntStream.range(0, 30).mapToObj(i -> many.logits(image(i))).toList();
      for (int i = 0; i < 30; i++) {
        assertThat(together.get(i).join()).hasSize(architecture.classes()).isEqualTo(alone.get(i));
      }
    }
  }
}
