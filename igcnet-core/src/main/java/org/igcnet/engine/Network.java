package org.igcnet.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.engine.Activation.Images;
import org.igcnet.engine.Activation.Joined;
import org.igcnet.engine.Activation.NormRelu;
import org.igcnet.engine.Activation.Rectified;
import org.igcnet.engine.Activation.Shortcut;
import org.igcnet.engine.Activation.Stored;
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

    Chain stem = chain(architecture.stem(), images);
    Activation last = new NormRelu(stem.norm());
    Optional<PoolPass> pool = pool(last);
    last = pool.<Activation>map(pass -> new Stored(pass.values())).orElse(last);
    List<Step> steps = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      Step step = step(block, last);
      steps.add(step);
      last = step.output();
    }
    float[][] partials = new float[mostTasks()][largestPartial()];
    Tensor lastGradient = new Gradients(partials).connect(stem, pool, steps, last);
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

  /** A unit's passes and the norm after them. */
  private record Chain(List<ConvPass> passes, Norm norm) {}

  /** A block's passes, by what they read and write. */
  private sealed interface Step {
    Activation output();

    /** ReLU(norm(unit(input))). */
    record Plain(Chain unit, Activation input, Activation output) implements Step {}

    /** ReLU(norm(second(middle)) + shortcut), with middle = ReLU(norm(first(input))). */
    record Residual(
        Chain first,
        Activation middle,
        Chain second,
        Optional<Chain> projection,
        Activation input,
        Activation output)
        implements Step {}
  }

  private Step step(Block block, Activation input) {
    return switch (block) {
      case Block.Plain(ConvUnit unit) -> {
        Chain chain = chain(unit, input);
        yield new Step.Plain(chain, input, new NormRelu(chain.norm()));
      }
      case Block.Residual(ConvUnit one, ConvUnit two, Optional<ConvUnit> shape) -> {
        Chain first = chain(one, input);
        Activation middle = new NormRelu(first.norm());
        Chain second = chain(two, middle);
        Optional<Chain> projection = shape.map(unit -> chain(unit, input));
        Shortcut shortcut =
            projection
                .<Shortcut>map(chain -> new Shortcut.Projected(chain.norm()))
                .orElse(new Shortcut.Identity(input));
        Tensor values = Tensor.allocate(largest.blocks(), two.output());
        Joined joined = new Joined(values, second.norm(), shortcut);
        passes.add(new JoinPass(joined));
        yield new Step.Residual(first, middle, second, projection, input, joined);
      }
    };
  }

  private Chain chain(ConvUnit unit, Activation source) {
    List<Link> links = Link.of(unit);
    List<ConvPass> chain = new ArrayList<>();
    for (Link link : links.subList(0, links.size() - 1)) {
      Tensor raw = Tensor.allocate(largest.blocks(), link.output());
      chain.add(conv(link, source(link, chain, source), new Output.Raw(raw)));
    }
    Tensor raw = Tensor.allocate(largest.blocks(), unit.output());
    Norm norm = new Norm(unit, weights, normMomentum, raw, largest.groups(), mostTasks());
    chain.add(conv(links.getLast(), source(links.getLast(), chain, source), norm));
    return new Chain(List.copyOf(chain), norm);
  }

  /** What a link reads: the unit's source, or what the link before it writes. */
  private static Activation source(Link link, List<ConvPass> before, Activation source) {
    if (before.isEmpty()) {
      return source;
    }
    Tensor raw = before.getLast().raw();
    return link.rectified() ? new Rectified(raw) : new Stored(raw);
  }

  private ConvPass conv(Link link, Activation source, Output output) {
    ConvPass pass = new ConvPass(link, source, output, weights, tuning.stripBytes());
    passes.add(pass);
    return pass;
  }

  private Optional<PoolPass> pool(Activation source) {
    Optional<PoolPass> pool =
        architecture
            .pool()
            .map(of -> new PoolPass(source, Tensor.allocate(largest.blocks(), of.output())));
    pool.ifPresent(passes::add);
    return pool;
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
   * three where a projection has one of its own, or a chain of convolutions stands beside a
   * shortcut; each memory is used again as soon as its gradient is read.
   */
  private final class Gradients {
    private final float[][] partials;
    private final int length =
        passes.stream()
            .filter(ConvPass.class::isInstance)
            .mapToInt(pass -> ((ConvPass) pass).raw().data().length)
            .max()
            .orElseThrow();
    private final Deque<float[]> free = new ArrayDeque<>();

    Gradients(float[][] partials) {
      this.partials = partials;
    }

    private float[] take() {
      return free.isEmpty() ? new float[length] : free.pop();
    }

    /** Connects all passes; returns the gradient of the last activation. */
    Tensor connect(Chain stem, Optional<PoolPass> pool, List<Step> steps, Activation last) {
      float[] gradient = take();
      final Tensor lastGradient = Tensor.view(gradient, last.shape());
      for (Step step : steps.reversed()) {
        gradient =
            switch (step) {
              case Step.Plain plain -> connect(plain, gradient);
              case Step.Residual residual -> connect(residual, gradient);
            };
      }
      if (pool.isPresent()) {
        float[] target = take();
        pool.get()
            .connect(
                Tensor.view(gradient, pool.get().values().shape()),
                Tensor.view(target, stem.norm().raw().shape()));
        gradient = target;
      }
      connect(stem, gradient, Optional.empty());
      return lastGradient;
    }

    /** Returns the memory of the gradient of what the block reads. */
    private float[] connect(Step.Plain step, float[] gradient) {
      float[] target = take();
      connect(step.unit(), gradient, whole(target, step.input()));
      free.push(gradient);
      return target;
    }

    private float[] connect(Step.Residual step, float[] gradient) {
      // Without a projection both summands' gradient becomes, in its place, that of the input.
      float[] target = gradient;
      Tensor input = Tensor.view(target, step.input().shape());
      if (step.projection().isPresent()) {
        target = take();
        input = Tensor.view(target, step.input().shape());
        connect(step.projection().get(), gradient, Optional.of(new Target(input, null, false)));
      }
      float[] middle = take();
      connect(step.second(), gradient, whole(middle, step.middle()));
      if (step.projection().isPresent()) {
        free.push(gradient);
      }
      connect(step.first(), middle, Optional.of(new Target(input, input, true)));
      free.push(middle);
      return target;
    }

    private static Optional<Target> whole(float[] memory, Activation activation) {
      return Optional.of(new Target(Tensor.view(memory, activation.shape()), null, true));
    }

    /** Connects a unit's passes, whose output's gradient stays whole until the first has run. */
    private void connect(Chain chain, float[] gradient, Optional<Target> target) {
      List<ConvPass> passes = chain.passes();
      float[] output = gradient;
      for (int i = passes.size() - 1; i > 0; i--) {
        ConvPass pass = passes.get(i);
        float[] memory = take();
        pass.connect(
            Tensor.view(output, pass.raw().shape()), between(pass.source(), memory), partials);
        if (i < passes.size() - 1) {
          free.push(output);
        }
        output = memory;
      }
      ConvPass first = passes.getFirst();
      first.connect(Tensor.view(output, first.raw().shape()), target, partials);
      if (passes.size() > 1) {
        free.push(output);
      }
    }

    /** The gradient between two convolutions of a product, which has no norm behind it. */
    private static Optional<Target> between(Activation source, float[] memory) {
      Tensor gradient = Tensor.view(memory, source.shape());
      return Optional.of(new Target(gradient, null, source instanceof Rectified));
    }
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
