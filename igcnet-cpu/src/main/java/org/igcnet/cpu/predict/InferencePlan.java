package org.igcnet.cpu.predict;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Predictor;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.VectorModule;

/**
 * A network with fixed weights, made for predictions only: its steps, with their weights as kernels
 * want them, and where each image's feature maps lie.
 *
 * <p>It is a snapshot: weights that change later do not change it; make another, which takes
 * milliseconds. Batch normalisation is in its weights, and the lanes of a vector are neighbouring
 * positions of one image, so that one image wastes none.
 *
 * <p>It never changes, and its sessions share it: each has feature maps and threads of its own, and
 * no weights.
 */
public final class InferencePlan implements Predictor {
  private final PlannedSteps steps;

  private InferencePlan(PlannedSteps steps) {
    this.steps = steps;
  }

  /**
   * Makes a plan.
   *
   * @param weights are copied
   * @throws org.igcnet.UserError where Java was started without the vector module, or no array
   *     holds the feature maps of one image
   */
  public static InferencePlan of(Architecture architecture, Weights weights) {
    VectorModule.require();
    return new InferencePlan(new InferencePlanner(architecture).make(weights));
  }

  /**
   * What a plan and one session of it take from Java's heap, whatever the batch. To know it takes
   * no vectors, and no weights.
   *
   * @param threads threads that compute
   */
  public static MemoryPlan memory(Architecture architecture, int threads) {
    return new InferencePlanner(architecture).memory(threads);
  }

  @Override
  public InferenceSession session(int threads) {
    return new PlannedSession(steps, threads);
  }
}
