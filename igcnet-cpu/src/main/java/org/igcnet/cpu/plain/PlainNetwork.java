package org.igcnet.cpu.plain;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.plain.PlainPlan.Storage;
import org.igcnet.cpu.train.PassClock;
import org.igcnet.cpu.train.PassTime;
import org.igcnet.cpu.train.Trainable;

/**
 * Runs an {@link Architecture} forward and backward by plain loops.
 *
 * <p>The results are the same bits for any number of threads, and on every machine.
 */
public final class PlainNetwork implements Trainable {
  private final Architecture architecture;
  private final PlainPlan plan;
  private final int normImages;
  private final Weights weights;
  private final Workspace work;
  private final float[] logits;
  private final PassClock clock;

  private PlainNetwork(Architecture architecture, PlainPlan plan, int normImages, int threads) {
    this.architecture = architecture;
    this.plan = plan;
    this.normImages = normImages;
    this.weights = Weights.of(architecture);
    this.logits = new float[plan.groups().images() * architecture.classes()];
    this.clock = new PassClock(plan.names());
    this.work = new Workspace(plan.groups(), plan.learning(), weights, threads);
  }

  /**
   * Makes a network with all weights zero.
   *
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param threads threads that compute
   * @throws org.igcnet.UserError where Java's heap has no room for it
   */
  public static PlainNetwork create(
      Architecture architecture, int capacity, int normImages, int threads) {
    memory(architecture, capacity, normImages, threads)
        .requireHeap("%s, for %,d images at a time,".formatted(architecture, capacity));
    PlainPlan plan = PlainPlan.of(architecture, NormGroups.of(capacity, normImages));
    return new PlainNetwork(architecture, plan, normImages, threads);
  }

  /** What {@link #create} takes from Java's heap. */
  public static MemoryPlan memory(
      Architecture architecture, int capacity, int normImages, int threads) {
    PlainPlan plan = PlainPlan.of(architecture, NormGroups.of(capacity, normImages));
    long parameters = architecture.tensorValues();
    return plan.learning().memory(parameters, threads);
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public float[] gradients() {
    return work.weightGradients();
  }

  @Override
  public float[] forward(ImageBatch batch) {
    return forward(batch, true);
  }

  @Override
  public float[] logits(ImageBatch batch) {
    return forward(batch, false);
  }

  private float[] forward(ImageBatch batch, boolean ownStatistics) {
    batch.requireFitting(architecture.input(), plan.groups().images());
    work.begin(
        ownStatistics
            ? NormGroups.of(batch, normImages)
            : NormGroups.of(batch.images(), normImages),
        ownStatistics);
    work.take(batch, 0, plan.image());
    for (int i = 0; i < plan.layers().size(); i++) {
      long began = System.nanoTime();
      plan.layers().get(i).forward(work);
      clock.forward(i, began);
    }
    float[] values = work.values(plan.logits());
    int classes = architecture.classes();
    work.eachValue(plan.logits(), (at, image, k) -> logits[image * classes + k] = values[at]);
    return logits;
  }

  @Override
  public void backward(float[] logitGradients) {
    if (!work.ownStatistics()) {
      throw new IllegalStateException("backward needs a forward pass in training mode before it");
    }
    List<Layer> layers = plan.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      long began = System.nanoTime();
      clearGradients(i);
      if (i == layers.size() - 1) {
        put(logitGradients);
      }
      layers.get(i).backward(work);
      clock.backward(i, began);
    }
  }

  /** Nobody has added to the gradient of what a layer is the last to read. */
  private void clearGradients(int layer) {
    List<Storage> storages = plan.storages();
    for (int storage = 1; storage < storages.size(); storage++) {
      if (storages.get(storage).reader() == layer) {
        work.clearGradient(storage);
      }
    }
  }

  private void put(float[] logitGradients) {
    float[] gradients = work.gradients(plan.logits());
    int classes = architecture.classes();
    work.eachValue(
        plan.logits(), (at, image, k) -> gradients[at] = logitGradients[image * classes + k]);
  }

  @Override
  public List<PassTime> passTimes() {
    return clock.times();
  }

  @Override
  public void close() {
    work.close();
  }
}
