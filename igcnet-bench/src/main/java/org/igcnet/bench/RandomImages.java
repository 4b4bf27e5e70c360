package org.igcnet.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.data.Augmentation;
import org.igcnet.train.NormAverages;
import org.igcnet.train.Recipe;

/** Images of noise with random labels: speed does not depend on what they show. */
final class RandomImages {
  /** Of everything random. */
  static final int SEED = 1;

  /** Small enough that noise can be learnt for as long as it takes. */
  private static final double LEARNING_RATE = 0.01;

  private final ImageShape shape;
  private final float[][] values;
  private final int[] labels;

  RandomImages(Architecture architecture, int images) {
    Random random = new Random(SEED);
    this.shape = architecture.input();
    this.values = new float[images][shape.size()];
    for (float[] image : values) {
      for (int i = 0; i < image.length; i++) {
        image[i] = (float) random.nextGaussian();
      }
    }
    this.labels = random.ints(images, 0, architecture.classes()).toArray();
  }

  /** How noise is learnt: as in the paper, with a small learning rate. */
  static Recipe recipe(Contender.Training contender) {
    boolean identity = contender.architecture().network().identity();
    return Recipe.paper(identity, 1, Augmentation.NONE, SEED)
        .withBatch(contender.images(), contender.images())
        .withLearningRate(LEARNING_RATE)
        .withNormAverages(NormAverages.WARMED);
  }

  /** All of them as engines take them. */
  ImageBatch batch() {
    ImageBatch batch = new ImageBatch(shape, values.length);
    for (int image = 0; image < values.length; image++) {
      batch.put(image, values[image], labels[image]);
    }
    return batch;
  }

  /** All of them one after the other, each channels × rows × columns, outside the heap. */
  FloatBuffer direct() {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(values.length * shape.size() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (float[] image : values) {
      buffer.put(image);
    }
    return buffer.flip();
  }
}
