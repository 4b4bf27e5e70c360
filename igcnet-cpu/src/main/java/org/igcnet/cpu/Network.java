package org.igcnet.cpu;

import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.Activation.Images;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Architecture} forward and backward. Holds all memory that a step needs, so that a
 * step allocates nothing that grows with the batch.
 *
 * <p>The results are the same bits for any number of threads.
 */
public final class Network implements AutoCloseable {
  /** What batch normalisation normalises with. */
  enum Mode {
    /** The batch's own statistics; the running averages move towards them. */
    TRAINING,
    /** The running averages. */
    INFERENCE
  }

  private final Architecture architecture;
  private final Parameters parameters;
  private final List<Parameter> averages;
  private final BatchLayout largest;
  private final int normImages;
  private final Crew crew;
  private final PassClock clock;
  private final Images images;
  private final List<Pass> passes;
  private final HeadPass head;
  private final float[][] scratch;
  private @Nullable BatchLayout trained;

  private Network(
      Architecture architecture, int capacity, int normImages, int threads, Tuning tuning) {
    this.architecture = architecture;
    this.parameters = new Parameters(Weights.of(architecture));
    this.averages = architecture.parameters().stream().filter(p -> p.role().isAverage()).toList();
    this.largest = BatchLayout.of(capacity, normImages);
    this.normImages = normImages;
    Fusion fusion = Fusion.of(architecture);
    Sizes sizes = Sizes.of(fusion, largest, tuning);
    TrainingPlanner planner = new TrainingPlanner(fusion, parameters, largest, sizes, tuning);
    this.images = planner.images();
    this.passes = planner.passes();
    this.head = planner.head();
    this.clock = new PassClock(passes);
    this.scratch = new float[threads][];
    Arrays.setAll(scratch, i -> floats(sizes.scratch(), "the memory of a thread"));
    // Last, so that a network that there is no memory for leaves no threads behind.
    this.crew = new Crew(threads);
  }

  static float[] floats(long count, String what) {
    return new float[MemoryPlan.length(count, what)];
  }

  /**
   * Makes a network with all weights zero.
   *
   * @param architecture the network
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param threads threads that compute
   * @throws org.igcnet.UserError where Java was started without the vector module, or its heap has
   *     no room for the network
   */
  public static Network create(
      Architecture architecture, int capacity, int normImages, int threads) {
    Tuning tuning = NetworkMemory.tuning(architecture, capacity, normImages, threads);
    return create(architecture, capacity, normImages, threads, tuning);
  }

  static Network create(
      Architecture architecture, int capacity, int normImages, int threads, Tuning tuning) {
    VectorModule.require();
    NetworkMemory.of(architecture, capacity, normImages, threads, tuning)
        .requireHeap("%s, for %,d images at a time,".formatted(architecture, capacity));
    return new Network(architecture, capacity, normImages, threads, tuning);
  }

  public Architecture architecture() {
    return architecture;
  }

  /** Read by every pass; running averages are written by {@link #moveAverages}. */
  public Weights weights() {
    return parameters.weights();
  }

  /**
   * Those of the last {@link #backward}, laid out as the weights; not a copy. In the place of a
   * running average stands the sum of what the groups of the last {@link #forward} observed.
   */
  public float[] gradients() {
    return parameters.gradients();
  }

  /**
   * Runs the network on a batch to learn from it: batch normalisation takes the batch's own
   * statistics, whose sums over the groups go into {@link #gradients()}.
   *
   * @return the logits, {@code [image][class]}, for the images of the batch; valid until the next
   *     call
   */
  public float[] forward(ImageBatch batch) {
    return forward(batch, Mode.TRAINING);
  }

  /**
   * Moves the running averages towards the mean of what groups observed.
   *
   * @param kept what an average keeps of itself, from 0 to 1; of the mean it takes the rest
   * @param groups how many are in the sums
   */
  public void moveAverages(float kept, int groups) {
    float[] values = parameters.values();
    float[] sums = parameters.gradients();
    for (Parameter parameter : averages) {
      int from = parameters.offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        double observed = (double) sums[i] / groups;
        values[i] = (float) (kept * values[i] + (1.0 - kept) * observed);
      }
    }
  }

  /** Runs the network forward, batch normalisation with its running averages. */
  public float[] logits(ImageBatch batch) {
    return forward(batch, Mode.INFERENCE);
  }

  private float[] forward(ImageBatch batch, Mode mode) {
    batch.requireFitting(architecture.input(), largest.images());
    BatchLayout layout =
        switch (mode) {
          case TRAINING -> BatchLayout.of(NormGroups.of(batch, normImages));
          case INFERENCE -> BatchLayout.of(batch.images(), batch.images());
        };
    trained = mode == Mode.TRAINING ? layout : null;
    crew.run(layout.blocks(), (block, worker) -> images.take(batch, layout, block));
    crew.run(passes.size(), (task, worker) -> passes.get(task).pack(mode));
    head.pack(mode);
    for (int i = 0; i < passes.size(); i++) {
      long began = System.nanoTime();
      Pass pass = passes.get(i);
      Frame frame = new Frame(layout, pass.parts(), mode);
      run(frame, (task, scratch, continues) -> pass.forward(frame, task, scratch));
      pass.finishForward(frame);
      clock.forward(i, began);
    }
    long began = System.nanoTime();
    Frame frame = new Frame(layout, 1, mode);
    run(frame, (task, scratch, continues) -> head.forward(frame, task, scratch));
    clock.forward(passes.size(), began);
    return head.logits(layout);
  }

  /**
   * Fills {@link #gradients()} with the gradients of the last pass, which was {@link #forward}.
   *
   * @param logitGradients the loss's gradient for each logit, {@code [image][class]}; what lies
   *     beyond the batch's images is not read
   */
  public void backward(float[] logitGradients) {
    BatchLayout layout = trained;
    if (layout == null) {
      throw new IllegalStateException("backward needs a forward pass in training mode before it");
    }
    long began = System.nanoTime();
    Frame whole = new Frame(layout, 1, Mode.TRAINING);
    head.take(layout, logitGradients);
    run(whole, (task, scratch, continues) -> head.backward(whole, task, scratch));
    head.finishBackward(whole);
    clock.backward(passes.size(), began);
    for (int i = passes.size() - 1; i >= 0; i--) {
      long start = System.nanoTime();
      Pass pass = passes.get(i);
      Frame frame = new Frame(layout, pass.parts(), Mode.TRAINING);
      run(frame, (task, scratch, continues) -> pass.backward(frame, task, scratch, continues));
      pass.finishBackward(frame);
      clock.backward(i, start);
    }
  }

  /** One task of a pass. */
  @FunctionalInterface
  private interface Work {
    /**
     * Does one task.
     *
     * @param continues whether the same thread has just done the task before, of the same block
     */
    void run(int task, float[] scratch, boolean continues);
  }

  /** Does all tasks of a pass, each thread some neighbouring ones at a time. */
  private void run(Frame frame, Work work) {
    int stretch = frame.stretch(crew.size());
    crew.run(
        frame.tasks() / stretch,
        (job, worker) -> {
          for (int i = 0; i < stretch; i++) {
            work.run(job * stretch + i, scratch[worker], i > 0);
          }
        });
  }

  /** What every pass has taken since the network was made, in the order in which they run. */
  public List<PassTime> passTimes() {
    return clock.times();
  }

  /** Stops the threads. */
  @Override
  public void close() {
    crew.close();
  }
}
