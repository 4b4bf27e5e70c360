package org.igcnet.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.loss.Target;
import org.jspecify.annotations.Nullable;

/** What stands in each batch of one pass over a data set. One thread at a time may fill batches. */
final class Epoch {
  /** Keeps the numbers for an epoch's order apart from those for its images. */
  private static final long ORDER = -1;

  /** Keep an image's numbers for one use apart from those for others. */
  private static final long CLEARING = 1;

  private static final long BLENDING = 2;

  private final Dataset dataset;
  private final Normalization normalization;
  private final ImageRecipe recipe;
  private final BatchShare share;
  private final long seed;
  private final int number;
  private final int[] order;

  /** The images of the batch that is being filled. */
  private final byte[][] values;

  /** For each of them what became of it, null where it was read. */
  private final @Nullable Throwable[] failures;

  /** What the loss of an image is multiplied by, by its class. */
  private final double[] weights;

  private final float[] normalised;
  private final float[] varied;

  /**
   * What became of the images of a batch.
   *
   * @param images the indices of those in it, in the data set
   * @param skipped what is to say of each picture that was left out
   */
  record Filled(List<Integer> images, List<String> skipped) {}

  private Epoch(
      Dataset dataset,
      Normalization normalization,
      ImageRecipe recipe,
      BatchShare share,
      long seed,
      int number,
      int[] order) {
    this.dataset = dataset;
    this.normalization = normalization;
    this.recipe = recipe;
    this.share = share;
    this.seed = seed;
    this.number = number;
    this.order = order;
    ImageShape shape = dataset.shape();
    values = new byte[share.of(order.length)][shape.size()];
    failures = new Throwable[values.length];
    weights = recipe.balanced() ? ClassCounts.of(dataset).weights() : ones(dataset);
    normalised = new float[shape.size()];
    varied = new float[shape.size()];
  }

  private static double[] ones(Dataset dataset) {
    double[] ones = new double[dataset.classes().size()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * Every image once, in an order that depends on {@code seed} and {@code number}: stored images in
   * any, pictures as they lie well for reading.
   */
  static Epoch shuffled(
      Dataset dataset,
      Normalization normalization,
      ImageRecipe recipe,
      BatchShare share,
      long seed,
      int number) {
    SplitMix random = SplitMix.of(seed, number, ORDER);
    int[] order =
        switch (dataset) {
          case StoredImages images -> {
            requireStored(recipe.augmentation());
            int[] any = inOrder(images);
            random.shuffle(any);
            yield any;
          }
          case PictureSet pictures -> pictures.order(random);
        };
    return new Epoch(dataset, normalization, recipe, share, seed, number, order);
  }

  private static void requireStored(Augmentation augmentation) {
    if (augmentation == Augmentation.SCALE_AND_MIRROR) {
      throw new IllegalArgumentException(
          "images that are stored in the network's shape have no larger picture to cut from");
    }
  }

  /**
   * Some images once, in order, as they are.
   *
   * @param first the index of the first of them
   * @param end the index after the last
   */
  static Epoch inOrder(
      Dataset dataset, Normalization normalization, int batchSize, int first, int end) {
    BatchShare whole = BatchShare.whole(batchSize);
    ImageRecipe none = ImageRecipe.of(Augmentation.NONE);
    int[] order = IntStream.range(first, end).toArray();
    return new Epoch(dataset, normalization, none, whole, 0, 0, order);
  }

  private static int[] inOrder(Dataset dataset) {
    return IntStream.range(0, dataset.size()).toArray();
  }

  ImageBatch newBatch() {
    return new ImageBatch(dataset.shape(), share.capacity());
  }

  int batches() {
    return Math.ceilDiv(order.length, share.batchSize());
  }

  /** Number of images of the share of a batch, before any is left out. */
  int images(int index) {
    return share.of(order.length - index * share.batchSize());
  }

  /**
   * Makes {@code batch} the share of the one numbered {@code index}; the last may be short, and so
   * is one with damaged pictures.
   *
   * @param unwanted whether what is not read yet may stay so, as nobody waits for the batch
   * @return what is in the batch now, and what is not
   * @throws CancellationException where nobody waits for the batch
   * @throws RuntimeException or an Error: what the first image that cannot be read has thrown; no
   *     thread reads any more then
   */
  Filled fill(ImageBatch batch, int index, BooleanSupplier unwanted) {
    int first = index * share.batchSize() + share.first();
    int images = images(index);
    IntStream slots = IntStream.range(0, images);
    IntConsumer read = slot -> read(order[first + slot], slot, unwanted);
    switch (dataset) {
      case StoredImages _ -> slots.forEach(read);
      case PictureSet _ -> slots.parallel().forEach(read);
    }
    if (unwanted.getAsBoolean()) {
      throw new CancellationException("nobody waits for batch %d".formatted(index));
    }
    List<Integer> kept = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (int slot = 0; slot < images; slot++) {
      switch (failures[slot]) {
        case null -> kept.add(order[first + slot]);
        case SkippedPicture picture -> skipped.add(picture.getMessage());
        case Error error -> throw error;
        case Throwable failure -> throw (RuntimeException) failure;
      }
    }
    batch.begin(kept.size());
    int next = 0;
    for (int slot = 0; slot < images; slot++) {
      if (failures[slot] == null) {
        vary(order[first + slot], values[slot]);
        batch.put(next++, slot, varied, target(dataset.label(order[first + slot])));
      }
    }
    if (recipe.blends()) {
      blend(batch, kept);
    }
    return new Filled(kept, skipped);
  }

  /** Throws nothing: the stream of slots would not wait for its other threads then. */
  private void read(int image, int slot, BooleanSupplier unwanted) {
    failures[slot] = null;
    if (unwanted.getAsBoolean()) {
      return;
    }
    try {
      if (recipe.augmentation() == Augmentation.SCALE_AND_MIRROR
          && dataset instanceof PictureSet pictures) {
        pictures.readVaried(image, random(image), mirror(image), values[slot]);
      } else {
        dataset.read(image, values[slot]);
      }
    } catch (RuntimeException | Error failure) {
      failures[slot] = failure;
    }
  }

  private void vary(int image, byte[] read) {
    normalization.apply(read, dataset.shape(), normalised);
    ImageShape shape = dataset.shape();
    recipe.augmentation().apply(normalised, shape, random(image), mirror(image), varied);
    recipe.clear(varied, shape, SplitMix.of(seed, number, image, CLEARING));
  }

  private Predicate<SplitMix> mirror(int image) {
    return random -> recipe.mirroring().of(random, seed, number, image);
  }

  private Target target(int label) {
    return new Target(label, label, 1, recipe.labelSmoothing(), weights[label]);
  }

  /** Blends neighbours into each other, where none of the two is left out. */
  private void blend(ImageBatch batch, List<Integer> images) {
    for (int image = 0; image < images.size() - 1; image++) {
      int place = batch.place(image);
      if (share.neighbour(place) == place + 1 && batch.place(image + 1) == place + 1) {
        Blend own = blend(images.get(image));
        Blend other = blend(images.get(image + 1));
        Blend.both(batch, image, own, image + 1, other);
      }
    }
  }

  private Blend blend(int image) {
    return Blend.draw(recipe, dataset.shape(), SplitMix.of(seed, number, image, BLENDING));
  }

  private SplitMix random(int image) {
    return SplitMix.of(seed, number, image);
  }
}
