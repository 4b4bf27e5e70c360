package org.igcnet.cpu.predict;

import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.cpu.kernel.TapWeights;
import org.igcnet.cpu.memory.Crew;

/**
 * Runs an {@link InferencePlan}. Images go through the whole network one by one, so that their
 * feature maps stay in a core's cache and memory does not grow with the batch: threads take images
 * of their own, and where there are fewer images than threads they share each image's steps.
 *
 * <p>The results are the same bits for any number of threads and any batch that an image is in.
 */
final class PlannedSession implements InferenceSession {
  /** Multiply-adds that are worth waking another thread for, some microseconds. */
  private static final int SHARED_WORK = 100_000;

  private final PlannedSteps plan;
  private final Crew crew;
  private final float[][] memory;

  /** Of each thread, in its memory. */
  private final TapWeights[] features;

  private float[] logits = {};

  PlannedSession(PlannedSteps plan, int threads) {
    this.plan = plan;
    this.memory = new float[threads][plan.floats()];
    this.features = Arrays.stream(memory).map(plan.head()::features).toArray(TapWeights[]::new);
    // Last, so that a session that there is no memory for leaves no threads behind.
    this.crew = new Crew(threads);
  }

  @Override
  public Architecture architecture() {
    return plan.architecture();
  }

  @Override
  public float[] logits(ImageBatch batch) {
    if (!batch.shape().equals(plan.architecture().input())) {
      throw new IllegalArgumentException(
          "a network for images of %s cannot take %s"
              .formatted(plan.architecture().input(), batch.shape()));
    }
    int count = batch.images();
    if (logits.length < count * plan.architecture().classes()) {
      logits = new float[count * plan.architecture().classes()];
    }
    int apart = count - count % crew.size();
    crew.run(apart, (image, worker) -> predict(batch, image, worker));
    for (int image = apart; image < count; image++) {
      predictTogether(batch, image);
    }
    return logits;
  }

  private void predict(ImageBatch batch, int image, int worker) {
    float[] maps = memory[worker];
    read(batch, image, worker);
    List<InferenceStep> steps = plan.steps();
    for (int i = 0;
        i < steps.size();
        i++) { // by number: an iterator would be garbage of each image
      InferenceStep step = steps.get(i);
      step.run(maps, maps, 0, step.pieces());
    }
    plan.head().run(maps, features[worker], logits, image * plan.architecture().classes());
  }

  private void predictTogether(ImageBatch batch, int image) {
    float[] maps = memory[0];
    read(batch, image, 0);
    for (InferenceStep step : plan.steps()) {
      int pieces = step.pieces();
      int parts = (int) Math.min(Math.min(crew.size(), pieces), step.work() / SHARED_WORK + 1);
      crew.run(
          parts,
          (part, worker) ->
              step.run(maps, memory[worker], pieces * part / parts, pieces * (part + 1) / parts));
    }
    plan.head().run(maps, features[0], logits, image * plan.architecture().classes());
  }

  private void read(ImageBatch batch, int image, int worker) {
    FeatureMap input = plan.input();
    Plane plane = input.plane();
    int from = batch.start(image);
    for (int row = 0; row < input.channels() * plane.height(); row++) {
      int to = input.index(row / plane.height()) + row % plane.height() * plane.pitch();
      System.arraycopy(
          batch.pixels(), from + row * plane.width(), memory[worker], to, plane.width());
    }
  }

  /** Stops the threads. */
  @Override
  public void close() {
    crew.close();
  }
}
