package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Setup;
import org.igcnet.cpu.CpuBackend;
import org.igcnet.cpu.train.PassTime;
import org.igcnet.cpu.train.Trainable;
import org.igcnet.data.WorkListener;
import org.igcnet.model.Model;
import org.igcnet.train.Recipe;

/** How long each pass of a network takes in a training step. */
final class LayerTimes {
  /** Images of the step that is measured, where the recipe's batch is no smaller. */
  private static final int MOST_IMAGES = 64;

  private static final int LEAST_STEPS = 4;

  /** In so long a time Java's compiler has made something faster, unless it is done. */
  private static final double SETTLED_SECONDS = 2;

  private static final double LONGEST_SECONDS = 20;

  /** What counts as faster: less than this share of the time before. */
  private static final double FASTER = 0.98;

  private LayerTimes() {}

  /** {@return images of the step that is measured} */
  static int images(Recipe recipe) {
    return Math.min(MOST_IMAGES, recipe.batchSize());
  }

  /**
   * Steps until no step has been faster for a while, most often some seconds.
   *
   * @param recipe how many images a step has, how feature maps are kept, and how many images share
   *     batch normalisation's statistics
   * @param listener hears how many
   * @return the least time that each pass took in any step, in the order in which they run
   */
  static List<PassTime> measure(Model model, Recipe recipe, int threads, WorkListener listener) {
    Architecture architecture = model.architecture();
    try (Trainable network = CpuBackend.network(setup(architecture, recipe), threads)) {
      float[] values = model.weights().values();
      System.arraycopy(values, 0, network.weights().values(), 0, values.length);
      ImageBatch batch = noise(architecture.input(), images(recipe));
      float[] gradients = new float[images(recipe) * architecture.classes()];
      List<PassTime> least = List.of();
      List<PassTime> before = network.passTimes();
      double fastest = Double.POSITIVE_INFINITY;
      long began = System.nanoTime();
      long gained = began;
      for (int step = 0;
          step < LEAST_STEPS
              || (secondsSince(gained) < SETTLED_SECONDS && secondsSince(began) < LONGEST_SECONDS);
          step++) {
        network.forward(batch);
        network.backward(gradients);
        List<PassTime> after = network.passTimes();
        least = least(least, before, after);
        before = after;
        double seconds = seconds(least);
        if (seconds < FASTER * fastest) {
          fastest = seconds;
          gained = System.nanoTime();
        }
        listener.progress("measuring layers", step + 1, 0, "steps");
      }
      return least;
    }
  }

  private static Setup setup(Architecture architecture, Recipe recipe) {
    int normImages = Math.min(recipe.norms().images(), images(recipe));
    return Setup.alone(architecture, images(recipe), normImages, recipe.optimiser())
        .with(recipe.precision());
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }

  private static double seconds(List<PassTime> times) {
    return times.stream().mapToDouble(pass -> pass.forward() + pass.backward()).sum();
  }

  /** Times do not depend on what the images show. */
  private static ImageBatch noise(ImageShape shape, int images) {
    ImageBatch batch = new ImageBatch(shape, images);
    Random random = new Random(1);
    float[] values = new float[shape.size()];
    batch.begin(images);
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      batch.put(image, values, 0);
    }
    return batch;
  }

  private static List<PassTime> least(
      List<PassTime> least, List<PassTime> before, List<PassTime> after) {
    List<PassTime> times = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      double forward = after.get(i).forward() - before.get(i).forward();
      double backward = after.get(i).backward() - before.get(i).backward();
      times.add(
          least.isEmpty()
              ? new PassTime(after.get(i).name(), forward, backward)
              : new PassTime(
                  after.get(i).name(),
                  Math.min(forward, least.get(i).forward()),
                  Math.min(backward, least.get(i).backward())));
    }
    return times;
  }
}
