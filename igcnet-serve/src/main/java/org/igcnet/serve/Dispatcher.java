package org.igcnet.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Predictor;
import org.igcnet.model.Model;

/**
 * Computes the images that wait, whoever asks for them. Each thread has a session of its own, all
 * with the same weights, and takes its share of what waits, which is computed together. No thread
 * waits for another, as cores are wanted for requests too. What an image's logits are does not
 * depend on the others.
 */
final class Dispatcher implements AutoCloseable {
  /** So that the first image does not wait long for the last. */
  static final int MOST_TOGETHER = 8;

  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final IntConsumer computed;
  private final List<Thread> threads;

  private Dispatcher(Predictor predictor, int threads, IntConsumer computed) {
    this.computed = computed;
    this.threads =
        IntStream.range(0, threads)
            .mapToObj(
                i -> {
                  Worker worker = new Worker(predictor.session(1));
                  return Thread.ofPlatform().name("worker-" + i).unstarted(worker);
                })
            .toList();
  }

  /**
   * Begins to wait for images.
   *
   * @param computed hears after each batch, on any of the threads, how many images it had
   */
  static Dispatcher of(Model model, Compute compute, IntConsumer computed) {
    Predictor predictor = compute.predictor(model.architecture(), model.weights(), MOST_TOGETHER);
    Dispatcher dispatcher = new Dispatcher(predictor, compute.threads(), computed);
    dispatcher.threads.forEach(Thread::start);
    return dispatcher;
  }

  /** An image whose logits somebody waits for, unless they are done already. */
  private static final class Waiting {
    private final float[] normalised;
    private final CompletableFuture<float[]> logits = new CompletableFuture<>();

    Waiting(float[] normalised) {
      this.normalised = normalised;
    }
  }

  /**
   * Puts an image into the queue.
   *
   * @param normalised of the network's shape, not copied
   * @return its logits; whoever does not want them any more cancels it
   */
  CompletableFuture<float[]> logits(float[] normalised) {
    Waiting waiting = new Waiting(normalised);
    queue.add(waiting);
    return waiting.logits;
  }

  /** One thread, which takes and computes until it is interrupted. */
  private final class Worker implements Runnable {
    private final InferenceSession session;
    private final ImageBatch batch;

    Worker(InferenceSession session) {
      this.session = session;
      this.batch = new ImageBatch(session.architecture().input(), MOST_TOGETHER);
    }

    @Override
    public void run() {
      List<Waiting> together = new ArrayList<>();
      try (session) {
        while (true) {
          together.add(queue.take());
          int share = queue.size() / threads.size();
          queue.drainTo(together, Math.min(share, MOST_TOGETHER - 1));
          together.removeIf(waiting -> waiting.logits.isDone());
          if (!together.isEmpty()) {
            answer(together);
          }
          together.clear();
        }
      } catch (InterruptedException _) {
        // Nobody waits for anything any more.
      }
    }

    private void answer(List<Waiting> together) {
      try {
        float[] logits = computed(together);
        computed.accept(together.size());
        int classes = session.architecture().classes();
        for (int image = 0; image < together.size(); image++) {
          together
              .get(image)
              .logits
              .complete(Arrays.copyOfRange(logits, image * classes, (image + 1) * classes));
        }
      } catch (RuntimeException | Error failed) {
        together.forEach(waiting -> waiting.logits.completeExceptionally(failed));
      }
    }

    private float[] computed(List<Waiting> together) {
      batch.begin(together.size());
      for (int image = 0; image < together.size(); image++) {
        batch.put(image, together.get(image).normalised, 0);
      }
      return session.logits(batch);
    }
  }

  /** Ends each thread once it is done with what it computes; nobody may be waiting for more. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
