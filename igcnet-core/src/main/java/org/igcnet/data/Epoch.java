package org.igcnet.data;

import org.igcnet.arch.ImageShape;
import org.igcnet.engine.Batch;

/** What stands in each batch of one pass over a data set. One thread at a time may fill batches. */
final class Epoch {
  /** Keeps the numbers for an epoch's order apart from those for its images. */
  private static final long ORDER = -1;

  private final Dataset dataset;
  private final Normalization normalization;
  private final Augmentation augmentation;
  private final int batchSize;
  private final long seed;
  private final int number;
  private final int[] order;
  private final byte[] values;
  private final float[] normalised;
  private final float[] varied;

  private Epoch(
      Dataset dataset,
      Normalization normalization,
      Augmentation augmentation,
      int batchSize,
      long seed,
      int number,
      int[] order) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("a batch of %d images is empty".formatted(batchSize));
    }
    this.dataset = dataset;
    this.normalization = normalization;
    this.augmentation = augmentation;
    this.batchSize = batchSize;
    this.seed = seed;
    this.number = number;
    this.order = order;
    ImageShape shape = dataset.shape();
    values = new byte[shape.size()];
    normalised = new float[shape.size()];
    varied = new float[shape.size()];
  }

  /** Every image once, in an order that depends on {@code seed} and {@code number}. */
  static Epoch shuffled(
      Dataset dataset,
      Normalization normalization,
      Augmentation augmentation,
      int batchSize,
      long seed,
      int number) {
    int[] order = inOrder(dataset);
    SplitMix.of(seed, number, ORDER).shuffle(order);
    return new Epoch(dataset, normalization, augmentation, batchSize, seed, number, order);
  }

  /** Every image once, in order, as it is. */
  static Epoch inOrder(Dataset dataset, Normalization normalization, int batchSize) {
    return new Epoch(dataset, normalization, Augmentation.NONE, batchSize, 0, 0, inOrder(dataset));
  }

  private static int[] inOrder(Dataset dataset) {
    int[] order = new int[dataset.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return order;
  }

  Batch newBatch(int normImages) {
    return new Batch(dataset.shape(), batchSize, normImages);
  }

  int batches() {
    return Math.ceilDiv(order.length, batchSize);
  }

  /** Makes {@code batch} the one numbered {@code index}; the last may be short. */
  void fill(Batch batch, int index) {
    int first = index * batchSize;
    int images = Math.min(batchSize, order.length - first);
    batch.begin(images);
    for (int i = 0; i < images; i++) {
      int image = order[first + i];
      dataset.read(image, values);
      normalization.apply(values, dataset.shape(), normalised);
      SplitMix random = SplitMix.of(seed, number, image);
      augmentation.apply(normalised, dataset.shape(), random, varied);
      batch.put(i, varied, dataset.label(image));
    }
  }
}
