package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.cpu.CpuBackend;
import org.igcnet.cpu.train.PassTime;
import org.igcnet.cpu.train.Trainable;
import org.igcnet.data.WorkListener;
import org.igcnet.model.Model;

/** How long each pass of a network takes in a training step. */
final class LayerTimes {
  /** Images of the step that is measured. */
  static final int IMAGES = 64;

  private static final double LONGEST_SECONDS = 2;
  private static final int LEAST_STEPS = 4;

  private LayerTimes() {}

  /**
   * Steps for a few seconds.
   *
   * @param listener hears how many
   * @return the least time that each pass took in any step, in the order in which they run
   */
  static List<PassTime> measure(Model model, int threads, WorkListener listener) {
    Architecture architecture = model.architecture();
    try (Trainable network = CpuBackend.network(architecture, IMAGES, IMAGES, threads)) {
      float[] values = model.weights().values();
      System.arraycopy(values, 0, network.weights().values(), 0, values.length);
      ImageBatch batch = noise(architecture.input());
      float[] gradients = new float[IMAGES * architecture.classes()];
      List<PassTime> least = List.of();
      List<PassTime> before = network.passTimes();
      long began = System.nanoTime();
      for (int step = 0;
          step < LEAST_STEPS || System.nanoTime() - began < LONGEST_SECONDS * 1e9;
          step++) {
        network.forward(batch);
        network.backward(gradients);
        List<PassTime> after = network.passTimes();
        least = least(least, before, after);
        before = after;
        listener.progress("measuring layers", step + 1, 0, "steps");
      }
      return least;
    }
  }

  /** Times do not depend on what the images show. */
  private static ImageBatch noise(ImageShape shape) {
    ImageBatch batch = new ImageBatch(shape, IMAGES);
    Random random = new Random(1);
    float[] values = new float[shape.size()];
    batch.begin(IMAGES);
    for (int image = 0; image < IMAGES; image++) {
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
