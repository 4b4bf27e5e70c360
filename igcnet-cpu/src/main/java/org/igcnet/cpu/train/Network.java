package org.igcnet.cpu.train;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.VectorModule;
import org.igcnet.cpu.memory.Crew;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.Fusion;
import org.igcnet.cpu.plan.NetworkMemory;
import org.igcnet.cpu.plan.Sizes;
import org.igcnet.cpu.plan.Tuning;
import org.igcnet.cpu.train.Activation.Images;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Architecture} forward and backward. Holds all memory that a step needs, so that a
 * step allocates nothing that grows with the batch.
 *
 * <p>The results are the same bits for any number of threads.
 */
public final class Network implements Trainable {
  private static final String FINAL_LAYER = "fc";

  private final Architecture architecture;
  private final Parameters parameters;
  private final BatchLayout largest;
  private final int normImages;
  private final Crew crew;
  private final PassClock clock;
  private final Images images;
  private final List<Pass> passes;

  /** Passes before the first that learns, which gradients need not reach. */
  private final int resting;

  private final HeadPass head;
  private final Desk[] desks;
  private @Nullable BatchLayout trained;

  private Network(Setup setup, int threads, Tuning tuning) {
    this.architecture = setup.architecture();
    this.parameters = new Parameters(Weights.of(architecture));
    this.normImages = setup.normImages();
    this.largest = BatchLayout.of(setup.batchSize(), normImages);
    Fusion fusion = Fusion.of(architecture);
    Sizes sizes = Sizes.of(fusion, largest, tuning);
    TrainingPlanner planner =
        new TrainingPlanner(
            fusion, parameters, setup.frozen(), largest, setup.precision(), sizes, tuning);
    this.images = planner.images();
    this.passes = planner.passes();
    this.resting = planner.resting();
    this.head = planner.head();
    this.clock =
        new PassClock(
            Stream.concat(passes.stream().map(Pass::name), Stream.of(FINAL_LAYER)).toList());
    Frame first = new Frame(largest, 1, Mode.INFERENCE);
    this.desks = new Desk[threads];
    Arrays.setAll(desks, i -> new Desk(first, sizes.scratch(), setup.precision()));
    // Last, so that a network that there is no memory for leaves no threads behind.
    this.crew = new Crew(threads);
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
    return create(Setup.alone(architecture, capacity, normImages, Optimiser.of(0, 0)), threads);
  }

  /**
   * Makes a network with all weights zero, to be trained.
   *
   * @param setup what it is made for; gradients end where nothing is learned any more
   * @param threads threads that compute
   * @throws org.igcnet.UserError as {@link #create(Architecture, int, int, int)}
   */
  public static Network create(Setup setup, int threads) {
    return create(
        setup,
        threads,
        NetworkMemory.tuning(
            setup.architecture(),
            setup.batchSize(),
            setup.normImages(),
            setup.precision(),
            threads));
  }

  static Network create(Setup setup, int threads, Tuning tuning) {
    VectorModule.require();
    NetworkMemory.of(
            setup.architecture(),
            setup.batchSize(),
            setup.normImages(),
            setup.precision(),
            threads,
            tuning)
        .requireHeap(
            "%s, for %,d images at a time,".formatted(setup.architecture(), setup.batchSize()));
    return new Network(setup, threads, tuning);
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Weights weights() {
    return parameters.weights();
  }

  @Override
  public float[] gradients() {
    return parameters.gradients();
  }

  @Override
  public float[] forward(ImageBatch batch) {
    return forward(batch, Mode.TRAINING);
  }

  @Override
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
      run(frame, pass::forward);
      pass.finishForward(frame);
      clock.forward(i, began);
    }
    long began = System.nanoTime();
    Frame frame = new Frame(layout, 1, mode);
    run(frame, head::forward);
    clock.forward(passes.size(), began);
    return head.logits(layout);
  }

  @Override
  public void backward(float[] logitGradients) {
    BatchLayout layout = trained;
    if (layout == null) {
      throw new IllegalStateException("backward needs a forward pass in training mode before it");
    }
    long began = System.nanoTime();
    Frame whole = new Frame(layout, 1, Mode.TRAINING);
    head.take(layout, logitGradients);
    run(whole, head::backward);
    head.finishBackward(whole);
    clock.backward(passes.size(), began);
    for (int i = passes.size() - 1; i >= resting; i--) {
      long start = System.nanoTime();
      Pass pass = passes.get(i);
      Frame frame = new Frame(layout, pass.parts(), Mode.TRAINING);
      run(frame, pass::backward);
      pass.finishBackward(frame);
      clock.backward(i, start);
    }
  }

  /** Does all tasks of a pass, each thread some neighbouring ones at a time. */
  private void run(Frame frame, Consumer<Desk> work) {
    int stretch = frame.stretch(crew.size());
    crew.run(
        frame.tasks() / stretch,
        (job, worker) -> {
          Desk desk = desks[worker];
          for (int i = 0; i < stretch; i++) {
            desk.begin(frame, job * stretch + i, i > 0);
            work.accept(desk);
          }
        });
  }

  @Override
  public List<PassTime> passTimes() {
    return clock.times();
  }

  /** Stops the threads. */
  @Override
  public void close() {
    crew.close();
  }
}
