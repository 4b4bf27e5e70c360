package org.igcnet.cpu.predict;

import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.TapWeights;
import org.igcnet.cpu.kernel.VectorModule;
import org.igcnet.cpu.memory.Crew;

/**
 * A network with fixed weights, made for predictions only.
 *
 * <p>It is a snapshot: weights that change later do not change it; make another, which takes
 * milliseconds. Batch normalisation is in its weights, and the lanes of a vector are neighbouring
 * positions of one image, so that one image wastes none. Images go through the whole network one by
 * one, so that their feature maps stay in a core's cache and memory does not grow with the batch:
 * threads take images of their own, and where there are fewer images than threads they share each
 * image's steps.
 *
 * <p>Not thread-safe. The results are the same bits for any number of threads and any batch that an
 * image is in.
 */
public final class InferencePlan implements InferenceSession {
  /** Multiply-adds that are worth waking another thread for, some microseconds. */
  private static final int SHARED_WORK = 100_000;

  private final Architecture architecture;
  private final List<InferenceStep> steps;
  private final FeatureMap input;
  private final ClassifyStep head;
  private final Crew crew;
  private final float[][] memory;

  /** Of each thread, in its memory. */
  private final TapWeights[] features;

  private float[] logits = {};

  private InferencePlan(Architecture architecture, InferencePlanner planner, int threads) {
    this.architecture = architecture;
    this.steps = planner.makeSteps();
    this.input = planner.input();
    this.head = planner.makeHead();
    this.memory = new float[threads][planner.floats()];
    this.features = Arrays.stream(memory).map(head::features).toArray(TapWeights[]::new);
    // Last, so that a plan that there is no memory for leaves no threads behind.
    this.crew = new Crew(threads);
  }

  /**
   * Makes a plan.
   *
   * @param weights are copied
   * @param threads threads that compute
   * @throws org.igcnet.UserError where Java was started without the vector module, or no array
   *     holds the feature maps of one image
   */
  public static InferencePlan of(Architecture architecture, Weights weights, int threads) {
    VectorModule.require();
    return new InferencePlan(architecture, new InferencePlanner(architecture, weights), threads);
  }

  /**
   * What a plan takes from Java's heap, whatever the batch. To know it takes no vectors.
   *
   * @param threads threads that compute
   */
  public static MemoryPlan memory(Architecture architecture, int threads) {
    return new InferencePlanner(architecture, Weights.of(architecture)).memory(threads);
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public float[] logits(ImageBatch batch) {
    if (!batch.shape().equals(architecture.input())) {
      throw new IllegalArgumentException(
          "a network for images of %s cannot take %s"
              .formatted(architecture.input(), batch.shape()));
    }
    int count = batch.images();
    if (logits.length < count * architecture.classes()) {
      logits = new float[count * architecture.classes()];
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
    for (InferenceStep step : steps) {
      step.run(maps, maps, 0, step.pieces());
    }
    head.run(maps, features[worker], logits, image * architecture.classes());
  }

  private void predictTogether(ImageBatch batch, int image) {
    float[] maps = memory[0];
    read(batch, image, 0);
    for (InferenceStep step : steps) {
      int pieces = step.pieces();
      int parts = (int) Math.min(Math.min(crew.size(), pieces), step.work() / SHARED_WORK + 1);
      crew.run(
          parts,
          (part, worker) ->
              step.run(maps, memory[worker], pieces * part / parts, pieces * (part + 1) / parts));
    }
    head.run(maps, features[0], logits, image * architecture.classes());
  }

  private void read(ImageBatch batch, int image, int worker) {
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
