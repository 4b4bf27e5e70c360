package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.data.Augmentation;
import org.igcnet.data.BatchShare;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Dataset;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Normalization;
import org.igcnet.data.Splits;
import org.junit.jupiter.api.Test;

/**
 * What a step leaves for the collector. A vector that the compiler fails to keep in registers, or
 * an array for each image, would show as megabytes here.
 */
class GarbageTest {
  private static final int THREADS = 2;
  private static final int STEPS = 8;

  /** Longest warm-up: compiled code keeps its vectors in registers, interpreted code does not. */
  private static final int PATIENCE = 400;

  /** For the small objects of a step: tasks, labels, and what tells threads of them. */
  private static final long BYTES = 200_000;

  private final Dataset data = Splits.open("shapes").train();
  private final Normalization normalization = Normalization.of(data);
  private int epoch;

  @Test
  void aStepAllocatesNothingThatGrowsWithTheBatch() {
    assertThat(leastBytes(64, Precision.FLOAT32)).isLessThan(BYTES);
    assertThat(leastBytes(16, Precision.FLOAT32)).isLessThan(BYTES);
    assertThat(leastBytes(64, Precision.BF16)).isLessThan(BYTES);
  }

  /** Bytes that one step allocates on all threads, once the code is compiled. */
  private long leastBytes(int images, Precision precision) {
    Architecture architecture =
        new Architecture(
            NetworkName.parse("IGC-L4M2+Ident"), Body.STAGES, 8, 10, new ImageShape(3, 32, 32));
    Recipe recipe = Recipe.paper(true, 1, Augmentation.CROP_AND_MIRROR, 1);
    Setup setup = Setup.alone(architecture, images, images, recipe.optimiser()).with(precision);
    try (TrainingSession session = Compute.threads(THREADS).training(setup)) {
      Initialisation.fill(session.state().weights(), 1);
      long least = Long.MAX_VALUE;
      for (int round = 0; least > BYTES && round < PATIENCE / STEPS; round++) {
        try (BatchStream batches = stream(images)) {
          // The stream's own memory is made before the first batch comes.
          step(session, batches, precision);
          long before = allocated();
          for (int i = 0; i < STEPS; i++) {
            step(session, batches, precision);
          }
          least = Math.min(least, (allocated() - before) / STEPS);
        }
      }
      return least;
    }
  }

  private BatchStream stream(int images) {
    return BatchStream.training(
        data,
        normalization,
        ImageRecipe.of(Augmentation.CROP_AND_MIRROR),
        BatchShare.whole(images),
        1,
        epoch++,
        0);
  }

  /** A training step, and a prediction where the network itself makes it. */
  private static void step(TrainingSession session, BatchStream batches, Precision precision) {
    ImageBatch batch = Objects.requireNonNull(batches.next());
    session.step(batch, 0.001, 0.9f);
    if (precision == Precision.FLOAT32) {
      session.logits(batch);
    }
  }

  /** By this thread, the engine's and the stream's. */
  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread == Thread.currentThread()
                    || thread.getName().startsWith("igcnet-")
                    || thread.getName().equals("batches"))
        .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId()))
        .sum();
  }
}
