package org.igcnet.cpu.plain;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Weights;

/**
 * A network with fixed weights, made for predictions by plain loops. It takes a few images at a
 * time, whatever the batch, so that its memory does not grow with that.
 *
 * <p>The results are the same bits for any number of threads, any batch that an image is in, and on
 * every machine.
 */
public final class PlainInference implements InferenceSession {
  /** Images at a time: runs are long then, and memory is small. */
  private static final int IMAGES = 8;

  private final Architecture architecture;
  private final PlainPlan plan;
  private final Workspace work;
  private float[] logits = {};

  private PlainInference(Architecture architecture, PlainPlan plan, Workspace work) {
    this.architecture = architecture;
    this.plan = plan;
    this.work = work;
  }

  /**
   * Makes a network that predicts.
   *
   * @param weights are copied
   * @param capacity most images in a batch
   * @param threads threads that compute
   * @throws org.igcnet.UserError where no array holds a feature map of some images
   */
  public static PlainInference of(
      Architecture architecture, Weights weights, int capacity, int threads) {
    int images = Math.min(IMAGES, capacity);
    PlainPlan plan = PlainPlan.of(architecture, NormGroups.of(images, images));
    Weights own = Weights.of(architecture);
    System.arraycopy(weights.values(), 0, own.values(), 0, own.values().length);
    return new PlainInference(
        architecture, plan, new Workspace(plan.groups(), plan.predicting(), own, threads));
  }

  /** What {@link #of} takes from Java's heap, for batches of {@value #IMAGES} images or more. */
  public static MemoryPlan memory(Architecture architecture, int threads) {
    PlainPlan plan = PlainPlan.of(architecture, NormGroups.of(IMAGES, IMAGES));
    long parameters = architecture.parameters().stream().mapToLong(p -> p.size()).sum();
    return plan.predicting().memory(parameters, threads);
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public float[] logits(ImageBatch batch) {
    batch.requireFitting(architecture.input(), Integer.MAX_VALUE);
    int classes = architecture.classes();
    if (logits.length < batch.images() * classes) {
      logits = new float[batch.images() * classes];
    }
    for (int first = 0; first < batch.images(); first += plan.groups().images()) {
      predict(batch, first);
    }
    return logits;
  }

  private void predict(ImageBatch batch, int first) {
    int images = Math.min(plan.groups().images(), batch.images() - first);
    work.begin(NormGroups.of(images, images), false);
    work.take(batch, first, plan.image());
    plan.layers().forEach(layer -> layer.forward(work));
    float[] values = work.values(plan.logits());
    int classes = architecture.classes();
    work.eachValue(
        plan.logits(), (at, image, k) -> logits[(first + image) * classes + k] = values[at]);
  }

  @Override
  public void close() {
    work.close();
  }
}
