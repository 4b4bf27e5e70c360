package org.igcnet.cpu.plain;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Predictor;
import org.igcnet.backend.Weights;

/** A network with fixed weights, made for predictions by plain loops. */
public final class PlainInference implements Predictor {
  /** Images at a time: runs are long then, and memory is small. */
  private static final int IMAGES = 8;

  private final Architecture architecture;
  private final PlainPlan plan;
  private final Weights weights;

  private PlainInference(Architecture architecture, PlainPlan plan, Weights weights) {
    this.architecture = architecture;
    this.plan = plan;
    this.weights = weights;
  }

  /**
   * Makes a network that predicts.
   *
   * @param weights are copied
   * @param capacity most images in a batch
   * @throws org.igcnet.UserError where no array holds a feature map of some images
   */
  public static PlainInference of(Architecture architecture, Weights weights, int capacity) {
    int images = Math.min(IMAGES, capacity);
    PlainPlan plan = PlainPlan.of(architecture, NormGroups.of(images, images));
    return new PlainInference(architecture, plan, weights.copy());
  }

  /**
   * What {@link #of} and one session take from Java's heap, for batches of {@value #IMAGES} images
   * or more.
   */
  public static MemoryPlan memory(Architecture architecture, int threads) {
    PlainPlan plan = PlainPlan.of(architecture, NormGroups.of(IMAGES, IMAGES));
    return plan.predicting().memory(architecture.tensorValues(), threads);
  }

  @Override
  public InferenceSession session(int threads) {
    Workspace work = new Workspace(plan.groups(), plan.predicting(), weights, threads);
    return new PlainSession(architecture, plan, work);
  }
}
