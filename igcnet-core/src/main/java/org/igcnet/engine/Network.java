package org.igcnet.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.engine.Activation.Images;
import org.igcnet.engine.Activation.Joined;
import org.igcnet.engine.Activation.NormRelu;
import org.igcnet.engine.Activation.Shortcut;
import org.igcnet.engine.ConvPass.Target;
import org.igcnet.engine.kernel.Lanes;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Architecture} forward and backward. Holds all memory that a step needs, so that a
 * step allocates nothing that grows with the batch.
 *
 * <p>The results are the same bits for any number of threads.
 */
public final class Network implements Engine {
  /** What batch normalisation normalises with. */
  public enum Mode {
    /** The batch's own statistics; the running averages are moved. */
    TRAINING,
    /** The running averages. */
    INFERENCE
  }

  private final Architecture architecture;
  private final Weights weights;
  private final BatchLayout largest;
  private final float normMomentum;
  private final Crew crew;
  private final Tuning tuning;
  private final Images images;
  private final List<Pass> passes = new ArrayList<>();
  private final HeadPass head;
  private final float[][] scratch;
  private @Nullable Frame trained;

  private Network(
      Architecture architecture,
      int capacity,
      int normImages,
      float normMomentum,
      Crew crew,
      Tuning tuning) {
    this.architecture = architecture;
    this.weights = Weights.of(architecture);
    this.largest = new BatchLayout(capacity, normImages);
    this.normMomentum = normMomentum;
    this.crew = crew;
    this.tuning = tuning;
    this.images = new Images(architecture.input());

    ConvPass stem = conv(architecture.stem(), images);
    Activation last = new NormRelu(stem.norm());
    List<Step> steps = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      Step step = step(block, last);
      steps.add(step);
      last = step.output();
    }
    float[][] partials = new float[mostTasks()][largestPartial()];
    Tensor lastGradient = connect(stem, steps, last, partials);
    this.head =
        new HeadPass(
            architecture.head(), last, lastGradient, weights, capacity, largest.blocks(), partials);
    int most = passes.stream().mapToInt(Pass::scratch).max().orElse(0);
    this.scratch = new float[crew.size()][Math.max(most, head.scratch())];
  }

  /**
   * Makes a network with all weights zero.
   *
   * @param architecture the network
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param normMomentum what a running average keeps of itself in one step, 0.9 or 0.99
   * @param threads threads that compute
   * @throws org.igcnet.UserError where Java was started without the vector module
   */
  public static Network create(
      Architecture architecture, int capacity, int normImages, float normMomentum, int threads) {
    return create(architecture, capacity, normImages, normMomentum, threads, Tuning.DEFAULT);
  }

  static Network create(
      Architecture architecture,
      int capacity,
      int normImages,
      float normMomentum,
      int threads,
      Tuning tuning) {
    VectorModule.require();
    return new Network(architecture, capacity, normImages, normMomentum, new Crew(threads), tuning);
  }

  /** A block's passes, by what they read and write. */
  private sealed interface Step {
    Activation output();

    /** ReLU(norm(conv(input))). */
    record Plain(ConvPass conv, Activation input, Activation output) implements Step {}

    /** ReLU(norm(second(middle)) + shortcut), with middle = ReLU(norm(first(input))). */
    record Residual(
        ConvPass first,
        Activation middle,
        ConvPass second,
        Optional<ConvPass> projection,
        Activation input,
        Activation output)
        implements Step {}
  }

  private Step step(Block block, Activation input) {
    return switch (block) {
      case Block.Plain(ConvUnit unit) -> {
        ConvPass conv = conv(unit, input);
        yield new Step.Plain(conv, input, new NormRelu(conv.norm()));
      }
      case Block.Residual(ConvUnit one, ConvUnit two, Optional<ConvUnit> shape) -> {
        ConvPass first = conv(one, input);
        Activation middle = new NormRelu(first.norm());
        ConvPass second = conv(two, middle);
        Optional<ConvPass> projection = shape.map(unit -> conv(unit, input));
        Shortcut shortcut =
            projection
                .<Shortcut>map(pass -> new Shortcut.Projected(pass.norm()))
                .orElse(new Shortcut.Identity(input));
        Tensor values = Tensor.allocate(largest.blocks(), two.output());
        Joined joined = new Joined(values, second.norm(), shortcut);
        passes.add(new JoinPass(joined));
        yield new Step.Residual(first, middle, second, projection, input, joined);
      }
    };
  }

  private ConvPass conv(ConvUnit unit, Activation source) {
    Tensor raw = Tensor.allocate(largest.blocks(), unit.output());
    Norm norm = new Norm(unit, weights, normMomentum, raw, largest.groups(), mostTasks());
    ConvPass pass = new ConvPass(unit, source, norm, weights, tuning.stripBytes());
    passes.add(pass);
    return pass;
  }

  private int largestPartial() {
    int most = HeadPass.partial(architecture.head());
    for (Pass pass : passes) {
      if (pass instanceof ConvPass conv) {
        most = Math.max(most, conv.partial());
      }
    }
    return most + Lanes.COUNT;
  }

  /**
   * Gives gradients their memory, from the last block to the stem. Two gradients live at a time,
   * three where a projection has one of its own; each memory is used again as soon as its gradient
   * is read.
   *
   * @return the gradient of the last activation
   */
  private Tensor connect(ConvPass stem, List<Step> steps, Activation last, float[][] partials) {
    float[][] memory = gradientMemory();
    int current = 0;
    for (Step step : steps.reversed()) {
      Tensor output = Tensor.view(memory[current], step.output().shape());
      int other = (current + 1) % memory.length;
      switch (step) {
        case Step.Plain(ConvPass conv, Activation input, Activation ignored) -> {
          Tensor target = Tensor.view(memory[other], input.shape());
          conv.connect(output, Optional.of(new Target(target, null, true)), partials);
          current = other;
        }
        case Step.Residual residual -> {
          Tensor middle = Tensor.view(memory[other], residual.middle().shape());
          residual.second().connect(output, Optional.of(new Target(middle, null, true)), partials);
          if (residual.projection().isPresent()) {
            current = (current + 2) % memory.length;
          }
          Tensor target = Tensor.view(memory[current], residual.input().shape());
          residual
              .projection()
              .ifPresent(
                  pass ->
                      pass.connect(output, Optional.of(new Target(target, null, false)), partials));
          residual.first().connect(middle, Optional.of(new Target(target, target, true)), partials);
        }
      }
    }
    stem.connect(
        Tensor.view(memory[current], stem.norm().raw().shape()), Optional.empty(), partials);
    return Tensor.view(memory[0], last.shape());
  }

  private float[][] gradientMemory() {
    int most = 0;
    for (Pass pass : passes) {
      if (pass instanceof ConvPass conv) {
        most = Math.max(most, conv.norm().raw().data().length);
      }
    }
    return new float[architecture.network().identity() ? 3 : 2][most];
  }

  private int mostTasks() {
    return Math.max(largest.blocks(), 2 * tuning.tasks());
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
  public float[] forward(Batch batch, Mode mode) {
    BatchLayout layout = batch.layout();
    boolean fits =
        batch.shape().equals(architecture.input())
            && layout.blocks() <= largest.blocks()
            && (mode == Mode.INFERENCE || layout.groups() <= largest.groups());
    if (!fits) {
      throw new IllegalArgumentException(
          "a network for %d images of %s cannot take %d of %s"
              .formatted(largest.images(), architecture.input(), layout.images(), batch.shape()));
    }
    Frame frame = new Frame(layout, Math.ceilDiv(tuning.tasks(), layout.blocks()), mode);
    trained = mode == Mode.TRAINING ? frame : null;
    images.set(batch);
    crew.run(passes.size(), (task, worker) -> passes.get(task).pack());
    head.pack();
    for (Pass pass : passes) {
      crew.run(frame.tasks(), (task, worker) -> pass.forward(frame, task, scratch[worker]));
      pass.finishForward(frame);
    }
    crew.run(frame.tasks(), (task, worker) -> head.forward(frame, task, scratch[worker]));
    return head.logits(layout);
  }

  @Override
  public void backward(float[] logitGradients) {
    Frame frame = trained;
    if (frame == null) {
      throw new IllegalStateException("backward needs a forward pass in training mode before it");
    }
    head.take(frame.layout(), logitGradients);
    crew.run(frame.tasks(), (task, worker) -> head.backward(frame, task, scratch[worker]));
    head.finishBackward(frame);
    for (Pass pass : passes.reversed()) {
      crew.run(frame.tasks(), (task, worker) -> pass.backward(frame, task, scratch[worker]));
      pass.finishBackward(frame);
    }
  }

  /** Stops the threads. */
  @Override
  public void close() {
    crew.close();
  }
}
