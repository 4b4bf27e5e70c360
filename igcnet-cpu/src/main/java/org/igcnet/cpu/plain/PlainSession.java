package org.igcnet.cpu.plain;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.NormGroups;

/**
 * Runs a {@link PlainInference}. It takes a few images at a time, whatever the batch, so that its
 * memory does not grow with that.
 *
 * <p>The results are the same bits for any number of threads, any batch that an image is in, and on
 * every machine.
 */
final class PlainSession implements InferenceSession {
  private final Architecture architecture;
  private final PlainPlan plan;
  private final Workspace work;
  private float[] logits = {};

  PlainSession(Architecture architecture, PlainPlan plan, Workspace work) {
    this.architecture = architecture;
    this.plan = plan;
    this.work = work;
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
