package org.igcnet.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.ImageShape;
import org.igcnet.engine.Activation.Images;
import org.igcnet.engine.Activation.Joined;
import org.igcnet.engine.Activation.NormRelu;
import org.igcnet.engine.Activation.Rectified;
import org.igcnet.engine.Activation.Shortcut;
import org.igcnet.engine.Activation.Stored;
import org.igcnet.engine.ConvPass.Target;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Architecture} forward and backward. Holds all memory that a step needs, so that a
 * step allocates nothing that grows with the batch.
 *
 * <p>The results are the same bits for any number of threads.
 */
public final class Network implements Engine {
  /** What batch normalisation normalises with. */
  enum Mode {
    /** The batch's own statistics; the running averages move towards them. */
    TRAINING,
    /** The running averages. */
    INFERENCE
  }

  private final Architecture architecture;
  private final Weights weights;
  private final BatchLayout largest;
  private final Crew crew;
  private final Tuning tuning;
  private final PassClock clock;
  private final Images images;
  private final float[] sums;
  private final float[] projectionSums;
  private final List<Pass> passes = new ArrayList<>();
  private final HeadPass head;
  private final float[][] scratch;
  private @Nullable BatchLayout trained;

  private Network(
      Architecture architecture, int capacity, int normImages, int threads, Tuning tuning) {
    this.architecture = architecture;
    this.weights = Weights.of(architecture);
    this.largest = new BatchLayout(capacity, normImages);
    this.tuning = tuning;
    this.images = new Images(architecture.input());
    Sizes sizes = Sizes.of(architecture, largest, tuning);
    this.sums = floats(sizes.sums(), "batch normalisation's sums");
    this.projectionSums = floats(sizes.sums(), "batch normalisation's sums");

    Chain stem = chain(architecture.stem(), images, sums);
    Activation last = new NormRelu(stem.norm());
    Optional<PoolPass> pool = pool(last);
    last = pool.<Activation>map(pass -> new Stored(pass.values())).orElse(last);
    List<Step> steps = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      Step step = step(block, last);
      steps.add(step);
      last = step.output();
    }
    this.clock = new PassClock(passes);
    float[] partials = floats(sizes.partials(), "the sums of the weights' gradients");
    Tensor lastGradient =
        new Gradients(Sizes.gradients(architecture), partials).connect(stem, pool, steps, last);
    this.head =
        new HeadPass(
            architecture.head(), last, lastGradient, weights, capacity, largest.blocks(), partials);
    this.scratch = new float[threads][];
    Arrays.setAll(scratch, i -> floats(sizes.scratch(), "the memory of a thread"));
    // Last, so that a network that there is no memory for leaves no threads behind.
    this.crew = new Crew(threads);
  }

  private static float[] floats(long count, String what) {
    return new float[Tensor.length(count, what)];
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
    Tuning tuning = MemoryPlan.tuning(architecture, capacity, normImages, threads);
    return create(architecture, capacity, normImages, threads, tuning);
  }

  static Network create(
      Architecture architecture, int capacity, int normImages, int threads, Tuning tuning) {
    VectorModule.require();
    MemoryPlan.network(architecture, capacity, normImages, threads, tuning)
        .requireHeap("%s, for %,d images at a time,".formatted(architecture, capacity));
    return new Network(architecture, capacity, normImages, threads, tuning);
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
        Chain chain = chain(unit, input, sums);
        yield new Step.Plain(chain, input, new NormRelu(chain.norm()));
      }
      case Block.Residual(ConvUnit one, ConvUnit two, Optional<ConvUnit> shape) -> {
        Chain first = chain(one, input, sums);
        Activation middle = new NormRelu(first.norm());
        Chain second = chain(two, middle, sums);
        Optional<Chain> projection = shape.map(unit -> chain(unit, input, projectionSums));
        Shortcut shortcut =
            projection
                .<Shortcut>map(chain -> new Shortcut.Projected(chain.norm()))
                .orElse(new Shortcut.Identity(input));
        Tensor values = Tensor.allocate(largest.blocks(), two.output());
        Joined joined = new Joined(values, second.norm(), shortcut);
        passes.add(new JoinPass(joined, tuning.parts(two.output())));
        yield new Step.Residual(first, middle, second, projection, input, joined);
      }
    };
  }

  private Chain chain(ConvUnit unit, Activation source, float[] sums) {
    List<Link> links = Link.of(unit);
    List<ConvPass> chain = new ArrayList<>();
    for (Link link : links.subList(0, links.size() - 1)) {
      Tensor raw = Tensor.allocate(largest.blocks(), link.output());
      chain.add(conv(link, source(link, chain, source), new Output.Raw(raw)));
    }
    Tensor raw = Tensor.allocate(largest.blocks(), unit.output());
    Norm norm = new Norm(unit, weights, raw, largest.groups(), sums);
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
    ConvPass pass = new ConvPass(link, source, output, weights, largest.blocks(), tuning);
    passes.add(pass);
    return pass;
  }

  private Optional<PoolPass> pool(Activation source) {
    Optional<PoolPass> pool =
        architecture
            .pool()
            .map(
                of ->
                    new PoolPass(
                        source,
                        Tensor.allocate(largest.blocks(), of.output()),
                        tuning.parts(of.output())));
    pool.ifPresent(passes::add);
    return pool;
  }

  /**
   * Gives gradients their memory, from the last block to the stem. Two gradients live at a time,
   * three where a projection has one of its own, or a chain of convolutions stands beside a
   * shortcut; each memory is used again as soon as its gradient is read.
   */
  private final class Gradients {
    private final float[] partials;
    private final Deque<Tensor> free = new ArrayDeque<>();

    Gradients(List<ImageShape> all, float[] partials) {
      this.partials = partials;
      all.forEach(shape -> free.add(Tensor.allocate(largest.blocks(), shape)));
    }

    private Tensor take() {
      return free.pop();
    }

    /** Connects all passes; returns the gradient of the last activation. */
    Tensor connect(Chain stem, Optional<PoolPass> pool, List<Step> steps, Activation last) {
      Tensor gradient = take();
      final Tensor lastGradient = gradient.as(last.shape());
      for (Step step : steps.reversed()) {
        gradient =
            switch (step) {
              case Step.Plain plain -> connect(plain, gradient);
              case Step.Residual residual -> connect(residual, gradient);
            };
      }
      if (pool.isPresent()) {
        Tensor target = take();
        pool.get()
            .connect(
                gradient.as(pool.get().values().shape()), target.as(stem.norm().raw().shape()));
        gradient = target;
      }
      connect(stem, gradient, Optional.empty());
      return lastGradient;
    }

    /** Returns the memory of the gradient of what the block reads. */
    private Tensor connect(Step.Plain step, Tensor gradient) {
      Tensor target = take();
      connect(step.unit(), gradient, whole(target, step.input()));
      free.push(gradient);
      return target;
    }

    private Tensor connect(Step.Residual step, Tensor gradient) {
      // Without a projection both summands' gradient becomes, in its place, that of the input.
      Tensor target = gradient;
      Tensor input = target.as(step.input().shape());
      if (step.projection().isPresent()) {
        target = take();
        input = target.as(step.input().shape());
        connect(step.projection().get(), gradient, Optional.of(new Target(input, null, false)));
      }
      Tensor middle = take();
      connect(step.second(), gradient, whole(middle, step.middle()));
      if (step.projection().isPresent()) {
        free.push(gradient);
      }
      connect(step.first(), middle, Optional.of(new Target(input, input, true)));
      free.push(middle);
      return target;
    }

    private static Optional<Target> whole(Tensor memory, Activation activation) {
      return Optional.of(new Target(memory.as(activation.shape()), null, true));
    }

    /** Connects a unit's passes, whose output's gradient stays whole until the first has run. */
    private void connect(Chain chain, Tensor gradient, Optional<Target> target) {
      List<ConvPass> passes = chain.passes();
      Tensor output = gradient;
      for (int i = passes.size() - 1; i > 0; i--) {
        ConvPass pass = passes.get(i);
        Tensor memory = take();
        pass.connect(output.as(pass.raw().shape()), between(pass.source(), memory), partials);
        if (i < passes.size() - 1) {
          free.push(output);
        }
        output = memory;
      }
      ConvPass first = passes.getFirst();
      first.connect(output.as(first.raw().shape()), target, partials);
      if (passes.size() > 1) {
        free.push(output);
      }
    }

    /** The gradient between two convolutions of a product, which has no norm behind it. */
    private static Optional<Target> between(Activation source, Tensor memory) {
      Tensor gradient = memory.as(source.shape());
      return Optional.of(new Target(gradient, null, source instanceof Rectified));
    }
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
  public float[] forward(Batch batch, float kept) {
    return forward(batch, Mode.TRAINING, kept);
  }

  @Override
  public float[] logits(Batch batch) {
    return forward(batch, Mode.INFERENCE, 1);
  }

  private float[] forward(Batch batch, Mode mode, float kept) {
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
    trained = mode == Mode.TRAINING ? layout : null;
    images.set(batch);
    crew.run(passes.size(), (task, worker) -> passes.get(task).pack(mode));
    head.pack(mode);
    for (int i = 0; i < passes.size(); i++) {
      long began = System.nanoTime();
      Pass pass = passes.get(i);
      Frame frame = new Frame(layout, pass.parts(), mode);
      run(frame, (task, scratch, continues) -> pass.forward(frame, task, scratch));
      pass.finishForward(frame, kept);
      clock.forward(i, began);
    }
    long began = System.nanoTime();
    Frame frame = new Frame(layout, 1, mode);
    run(frame, (task, scratch, continues) -> head.forward(frame, task, scratch));
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
