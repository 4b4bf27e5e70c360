package org.igcnet.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapGradient;
import org.jspecify.annotations.Nullable;

/**
 * One link of a unit's linear map, most often all of it, forward and backward, each in one pass
 * over memory.
 *
 * <p>Forward reads the activation before it strip by strip, runs the primary convolution and, in an
 * IGC block, the secondary on rows in cache, writes the raw output once and gathers batch
 * normalisation's sums. Backward reads the output's gradient and raw output, computes the primary's
 * output y again (or reads it, where that is faster), accumulates the weights' gradients, and
 * writes the gradient of the activation before it with its sums.
 *
 * <p>The channels' permutations P and Pᵀ are steps: secondary partition m is every M-th channel
 * from m.
 */
final class ConvPass implements Pass {
  /**
   * Where backward leaves its result.
   *
   * @param gradient of the activation that was read
   * @param addend another gradient of the same activation, which may be the same memory
   * @param complete whether the sum is the activation's whole gradient: then its ReLU is applied
   *     and the sums for the norm behind it are gathered
   */
  record Target(Tensor gradient, @Nullable Tensor addend, boolean complete) {}

  /**
   * Where backward reads and writes.
   *
   * @param gradient that of the activation after this link
   * @param target where the gradient of the activation before goes, empty where nobody asks for it
   * @param partials room for the sums of all tasks, shared with other units
   */
  @SuppressWarnings("ArrayRecordComponent") // memory that is shared, never compared
  record Backward(Tensor gradient, Optional<Target> target, float[] partials) {}

  /**
   * Input positions whose row and column leave the same remainders, and the taps that reach them.
   */
  private record Phase(int row, int column, GroupKernel kernel) {}

  private final String name;
  private final int branches;
  private final GroupConvolution primary;
  private final Optional<GroupConvolution> secondary;
  private final Activation source;
  private final Output output;
  private final Tensor raw;
  private final ChannelOrder reads;
  private final ChannelOrder writes;
  private final Strip strip;
  private final int parts;

  private final Parameters parameters;
  private final int primaryWeight;
  private final int secondaryWeight;
  private final float[] summedWeights;

  private final GroupKernel primaryForward;
  private final Optional<GroupKernel> secondaryForward;
  private final Optional<GroupKernel> secondaryBackward;
  private final List<Phase> primaryBackward;
  private final TapGradient primaryGradient;
  private final Optional<TapGradient> secondaryGradient;

  private final Tensor outputGradient;
  private final Optional<Target> target;
  private final float[] partials;

  /** y of all strips of a batch, each as it stands in a strip; empty where it is not kept. */
  private final float[] kept;

  private final int inAt;
  private final int yAt;
  private final int dzAt;
  private final int dyAt;
  private final int dxAt;
  private final int sumsAt;
  private final WeightSums sums;
  private final int weightCount;

  /**
   * @param blocks of a batch, at most
   */
  ConvPass(
      Link link,
      Activation source,
      Output output,
      Backward backward,
      Parameters parameters,
      int blocks,
      Tuning tuning) {
    this.name = link.unit();
    this.branches = link.first().branches();
    this.primary = link.primary();
    this.secondary = link.secondary();
    this.reads = link.reads();
    this.writes = link.writes();
    this.source = source;
    this.output = output;
    this.raw = output.raw();
    this.outputGradient = backward.gradient();
    this.target = backward.target();
    this.partials = backward.partials();
    this.parameters = parameters;
    this.primaryWeight = parameters.offset(link.first().operation().weight());
    this.secondaryWeight =
        link.second().map(factor -> parameters.offset(factor.operation().weight())).orElse(0);
    this.summedWeights = new float[branches > 1 ? primary.weights() : 0];
    this.strip = Strip.of(link, tuning);
    this.parts = tuning.parts(link.output());
    this.sums = WeightSums.of(link, tuning);
    this.weightCount = link.weights();

    Steps y =
        secondary.isPresent()
            ? new Steps(strip.yChannelStep, strip.yRowStep, Lanes.COUNT)
            : new Steps(
                writes.step(primary.groupOutputs()) * raw.channelStep(),
                raw.rowStep(),
                Lanes.COUNT);
    int[] taps = forwardTaps();
    Steps in = new Steps(0, primary.stride() * strip.inRowStep, primary.stride() * Lanes.COUNT);
    this.primaryForward =
        new GroupKernel(
            primary.groups(),
            primary.weights() / primary.groups(),
            taps,
            inOrder(taps.length, 1),
            primary.groupOutputs(),
            taps.length,
            in,
            y);
    this.primaryGradient =
        new TapGradient(taps, in, new Steps(strip.dyChannelStep, strip.dyRowStep, Lanes.COUNT));
    this.primaryBackward = backwardPhases();
    this.secondaryForward = secondary.map(this::secondaryForward);
    this.secondaryBackward = secondary.map(this::secondaryBackward);
    this.secondaryGradient = secondary.map(this::secondaryGradient);

    int all = primary.outputChannels();
    int group = primary.groupInputs();
    this.inAt = Tensor.LEAD;
    this.yAt = inAt + group * strip.inChannelStep;
    this.dzAt = yAt + (secondary.isPresent() ? all * strip.yChannelStep : 0);
    this.dyAt = dzAt + (secondary.isPresent() ? all * strip.yChannelStep : 0);
    this.dxAt = dyAt + all * strip.dyChannelStep;
    this.sumsAt = dxAt + group * strip.dxChannelStep;
    this.kept = new float[MemoryPlan.length(kept(link, blocks, tuning), "the outputs of " + name)];
  }

  /** Floats of memory that a thread needs for a link. */
  static long scratch(Link link, Tuning tuning) {
    return Tensor.LEAD + Strip.of(link, tuning).floats(link) + WeightSums.of(link, tuning).floats();
  }

  /**
   * Floats that y of all strips takes; 0 where backward computes it again. That costs as many
   * multiply-adds as the primary's fan-in, while to write and to read y costs the same for all.
   */
  static long kept(Link link, int blocks, Tuning tuning) {
    GroupConvolution primary = link.primary();
    if (link.secondary().isEmpty() || primary.fanIn() < tuning.keptFanIn()) {
      return 0;
    }
    Strip strip = Strip.of(link, tuning);
    int parts = tuning.parts(link.output());
    return Tensor.LEAD
        + (long) blocks
            * parts
            * strip.strips(parts)
            * primary.outputChannels()
            * strip.yChannelStep;
  }

  /** Floats of memory that the sums of all tasks need for a link's weights. */
  static long partials(Link link, int blocks, Tuning tuning) {
    return (long) blocks * tuning.parts(link.output()) * partialStep(link.weights());
  }

  /** Floats between two tasks' sums: whole vectors. */
  private static int partialStep(int weights) {
    return Math.ceilDiv(weights, Lanes.COUNT) * Lanes.COUNT;
  }

  @Override
  public int parts() {
    return parts;
  }

  private int[] forwardTaps() {
    Kernel kernel = primary.kernel();
    int[] taps = new int[primary.fanIn()];
    int tap = 0;
    for (int channel = 0; channel < primary.groupInputs(); channel++) {
      for (int row = 0; row < kernel.height(); row++) {
        for (int column = 0; column < kernel.width(); column++) {
          taps[tap++] =
              channel * strip.inChannelStep + row * strip.inRowStep + column * Lanes.COUNT;
        }
      }
    }
    return taps;
  }

  private List<Phase> backwardPhases() {
    List<Phase> phases = new ArrayList<>();
    for (int row = 0; row < primary.stride(); row++) {
      for (int column = 0; column < primary.stride(); column++) {
        phases.add(new Phase(row, column, backwardKernel(row, column)));
      }
    }
    return List.copyOf(phases);
  }

  /**
   * For input positions (i, j) with (i + pad) mod stride = row, (j + pad) mod stride = column. Taps
   * go from left to right, against the kernel's own direction, so that those of a 3×3 kernel are
   * neighbours.
   */
  private GroupKernel backwardKernel(int row, int column) {
    Kernel kernel = primary.kernel();
    int stride = primary.stride();
    int fanIn = primary.fanIn();
    List<Integer> taps = new ArrayList<>();
    List<Integer> origins = new ArrayList<>();
    for (int output = 0; output < primary.groupOutputs(); output++) {
      for (int y = row; y < kernel.height(); y += stride) {
        int last = kernel.width() - 1 - Math.floorMod(kernel.width() - 1 - column, stride);
        for (int x = last; x >= column; x -= stride) {
          taps.add(
              output * strip.dyChannelStep
                  - (y - row) / stride * strip.dyRowStep
                  - (x - column) / stride * Lanes.COUNT);
          origins.add(output * fanIn + y * kernel.width() + x);
        }
      }
    }
    return new GroupKernel(
        primary.groups(),
        primary.weights() / primary.groups(),
        taps.stream().mapToInt(Integer::intValue).toArray(),
        origins.stream().mapToInt(Integer::intValue).toArray(),
        primary.groupInputs(),
        kernel.area(),
        new Steps(0, strip.dyRowStep, Lanes.COUNT),
        new Steps(strip.dxChannelStep, stride * strip.dxRowStep, stride * Lanes.COUNT));
  }

  /** 0, step, 2·step, …. */
  static int[] inOrder(int count, int step) {
    int[] places = new int[count];
    Arrays.setAll(places, i -> i * step);
    return places;
  }

  /** Places of the L channels of a secondary partition: every M-th channel. */
  private static int[] partition(GroupConvolution secondary, int channelStep) {
    return inOrder(secondary.groupInputs(), secondary.groups() * channelStep);
  }

  private GroupKernel secondaryForward(GroupConvolution secondary) {
    int l = secondary.groupInputs();
    return new GroupKernel(
        secondary.groups(),
        l * l,
        partition(secondary, strip.yChannelStep),
        inOrder(l, 1),
        l,
        l,
        new Steps(0, strip.yRowStep, Lanes.COUNT),
        new Steps(secondary.groups() * raw.channelStep(), raw.rowStep(), Lanes.COUNT));
  }

  private GroupKernel secondaryBackward(GroupConvolution secondary) {
    int l = secondary.groupInputs();
    return new GroupKernel(
        secondary.groups(),
        l * l,
        partition(secondary, strip.yChannelStep),
        inOrder(l, l),
        l,
        1,
        new Steps(0, strip.yRowStep, Lanes.COUNT),
        new Steps(secondary.groups() * strip.dyChannelStep, strip.dyRowStep, Lanes.COUNT));
  }

  private TapGradient secondaryGradient(GroupConvolution secondary) {
    return new TapGradient(
        partition(secondary, strip.yChannelStep),
        new Steps(0, strip.yRowStep, Lanes.COUNT),
        new Steps(secondary.groups() * strip.yChannelStep, strip.yRowStep, Lanes.COUNT));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void pack(Network.Mode mode) {
    float[] from = parameters.values();
    int base = primaryWeight;
    if (branches > 1) {
      sumBranches(from, base);
      from = summedWeights;
      base = 0;
    }
    primaryForward.pack(from, base);
    secondaryForward.ifPresent(k -> k.pack(parameters.values(), secondaryWeight));
    if (mode == Network.Mode.TRAINING) {
      packBackward(from, base);
    }
  }

  private void packBackward(float[] from, int base) {
    if (target.isPresent()) {
      for (Phase phase : primaryBackward) {
        phase.kernel().pack(from, base);
      }
    }
    secondaryBackward.ifPresent(k -> k.pack(parameters.values(), secondaryWeight));
  }

  /**
   * Equation 21: branches over the same input are one convolution with the sum of their kernels.
   */
  private void sumBranches(float[] from, int base) {
    Arrays.fill(summedWeights, 0);
    for (int branch = 0; branch < branches; branch++) {
      int at = base + branch * summedWeights.length;
      for (int i = 0; i < summedWeights.length; i++) {
        summedWeights[i] += from[at + i];
      }
    }
  }

  @Override
  public void forward(Frame frame, int task, float[] scratch) {
    output.clear(task);
    clearPadding(scratch);
    int to = frame.rowTo(task, strip.outputHeight);
    for (int a = frame.rowFrom(task, strip.outputHeight); a < to; a += strip.rows) {
      forwardStrip(frame, task, scratch, a, Math.min(strip.rows, to - a));
    }
  }

  private void forwardStrip(Frame frame, int task, float[] scratch, int a, int rows) {
    int rawAt = raw.index(frame.block(task), a, 0);
    float[] y = y(scratch);
    int yStart = yStart(frame, task, a);
    for (int group = 0; group < primary.groups(); group++) {
      fillInput(frame, task, group, a, rows, scratch);
      int channel = group * primary.groupOutputs();
      if (secondary.isPresent()) {
        primaryOutput(group, scratch, y, yStart, rows);
      } else {
        int to = rawAt + writes.at(channel) * raw.channelStep();
        primaryForward.run(group, scratch, inAt, raw.data(), to, rows, strip.outputWidth);
      }
    }
    secondaryForward.ifPresent(kernel -> secondaryOutput(kernel, y, yStart, rawAt, rows));
    for (int channel = 0; channel < primary.outputChannels(); channel++) {
      output.collect(frame, task, channel, a, rows);
    }
  }

  /** What holds y of a strip: memory of its own where it is kept, else the thread's. */
  private float[] y(float[] scratch) {
    return kept.length > 0 ? kept : scratch;
  }

  /** Where y of the strip from row {@code a} on begins in {@link #y}. */
  private int yStart(Frame frame, int task, int a) {
    if (kept.length == 0) {
      return yAt;
    }
    int before = (a - frame.rowFrom(task, strip.outputHeight)) / strip.rows;
    return Tensor.LEAD
        + (task * strip.strips(parts) + before) * primary.outputChannels() * strip.yChannelStep;
  }

  /** y of one partition from {@code in}. */
  private void primaryOutput(int group, float[] scratch, float[] y, int yStart, int rows) {
    int to = yStart + group * primary.groupOutputs() * strip.yChannelStep;
    primaryForward.run(group, scratch, inAt, y, to, rows, strip.outputWidth);
  }

  private void secondaryOutput(GroupKernel kernel, float[] y, int yStart, int rawAt, int rows) {
    for (int m = 0; m < primary.groupOutputs(); m++) {
      kernel.run(
          m,
          y,
          yStart + m * strip.yChannelStep,
          raw.data(),
          rawAt + m * raw.channelStep(),
          rows,
          strip.outputWidth);
    }
  }

  /** The padding stays zero from then on: strips write only what lies between. */
  private void clearPadding(float[] scratch) {
    Arrays.fill(scratch, inAt, yAt, 0);
  }

  /** The activation under one primary partition, with zeros where rows lie outside the image. */
  private void fillInput(Frame frame, int task, int group, int a, int rows, float[] scratch) {
    int top = strip.topRow(a);
    int wanted = (rows - 1) * strip.stride + strip.inRows - (strip.rows - 1) * strip.stride;
    int from = Math.max(0, top);
    int to = Math.min(strip.inputHeight, top + wanted);
    for (int i = 0; i < primary.groupInputs(); i++) {
      int channelAt = inAt + i * strip.inChannelStep;
      int begin = channelAt + (from - top) * strip.inRowStep;
      int end = channelAt + (to - top) * strip.inRowStep;
      Arrays.fill(scratch, channelAt, begin, 0);
      source.fill(
          frame,
          task,
          reads.at(group * primary.groupInputs() + i),
          from,
          to - from,
          scratch,
          begin + strip.padColumns * Lanes.COUNT,
          strip.inRowStep);
      Arrays.fill(scratch, end, channelAt + wanted * strip.inRowStep, 0);
    }
  }

  @Override
  public void finishForward(Frame frame) {
    output.finishForward(frame);
  }

  @Override
  public void backward(Frame frame, int task, float[] scratch, boolean continues) {
    if (target.isPresent() && target.get().complete()) {
      source.clearGradient(task);
    }
    int from = frame.rowFrom(task, strip.outputHeight);
    int to = frame.rowTo(task, strip.outputHeight);
    if (continues) {
      carryRows(scratch, lastRows(from - frame.rowFrom(task - 1, strip.outputHeight)));
    } else {
      beginRows(frame, task, scratch, from);
    }
    int partialAt = task * partialStep(weightCount);
    Arrays.fill(partials, partialAt, partialAt + weightCount, 0);
    sums.begin(scratch, sumsAt);
    for (int a = from; a < to; a += strip.rows) {
      if (a > from) {
        carryRows(scratch, strip.rows);
      }
      backwardStrip(frame, task, scratch, a, Math.min(strip.rows, to - a), partialAt);
    }
    sums.finish(scratch, sumsAt, partials, partialAt);
  }

  /** Rows of the last strip of a task of {@code rows} rows. */
  private int lastRows(int rows) {
    return (rows - 1) % strip.rows + 1;
  }

  /** Computes the rows of dy before a task that its input rows need too. */
  private void beginRows(Frame frame, int task, float[] scratch, int from) {
    clearPadding(scratch);
    Arrays.fill(scratch, dyAt, dxAt, 0);
    int carried = Math.min(strip.dyCarry, from);
    if (carried > 0) {
      outputGradient(frame, task, scratch, from - carried, carried, strip.dyCarry - carried);
    }
  }

  /**
   * The last rows of dy, which the next strip's input rows need too, move to the top.
   *
   * @param rows of the strip before
   */
  private void carryRows(float[] scratch, int rows) {
    int length = strip.dyCarry * strip.dyRowStep;
    for (int channel = 0; channel < primary.outputChannels(); channel++) {
      int to = dyAt + channel * strip.dyChannelStep;
      System.arraycopy(scratch, to + rows * strip.dyRowStep, scratch, to, length);
    }
  }

  private void backwardStrip(
      Frame frame, int task, float[] scratch, int a, int rows, int partialAt) {
    outputGradient(frame, task, scratch, a, rows, strip.dyCarry);
    clearBelow(scratch, rows);
    float[] y = y(scratch);
    int yStart = yStart(frame, task, a);
    int groupWeights = primary.weights() / primary.groups();
    for (int group = 0; group < primary.groups(); group++) {
      fillInput(frame, task, group, a, rows, scratch);
      if (secondary.isPresent() && kept.length == 0) {
        primaryOutput(group, scratch, y, yStart, rows);
      }
      sums.add(
          primaryGradient,
          primary,
          group * groupWeights,
          scratch,
          dyAt
              + group * primary.groupOutputs() * strip.dyChannelStep
              + strip.dyCarry * strip.dyRowStep
              + strip.dyLeft * Lanes.COUNT,
          strip.dyChannelStep,
          scratch,
          inAt,
          rows,
          strip.outputWidth,
          sumsAt,
          partials,
          partialAt);
      if (target.isPresent()) {
        inputGradient(frame, task, scratch, group, a, rows, target.get());
      }
    }
    secondary.ifPresent(s -> secondaryWeights(s, scratch, y, yStart, rows, partialAt));
  }

  /** dz, and from it dy, for output rows from {@code row} on, into dy from row {@code slot} on. */
  private void outputGradient(Frame frame, int task, float[] scratch, int row, int rows, int slot) {
    int dyStart = dyAt + slot * strip.dyRowStep + strip.dyLeft * Lanes.COUNT;
    boolean direct = secondary.isEmpty();
    for (int channel = 0; channel < primary.outputChannels(); channel++) {
      output.rawGradient(
          frame,
          task,
          writes.at(channel),
          outputGradient,
          row,
          rows,
          scratch,
          direct ? dyStart + channel * strip.dyChannelStep : dzAt + channel * strip.yChannelStep,
          direct ? strip.dyRowStep : strip.yRowStep);
    }
    secondaryBackward.ifPresent(
        kernel -> {
          for (int m = 0; m < primary.groupOutputs(); m++) {
            kernel.run(
                m,
                scratch,
                dzAt + m * strip.yChannelStep,
                scratch,
                dyStart + m * strip.dyChannelStep,
                rows,
                strip.outputWidth);
          }
        });
  }

  /** Rows after a strip that is shorter than those before, and after the image's end, are zero. */
  private void clearBelow(float[] scratch, int rows) {
    int from = (strip.dyCarry + rows) * strip.dyRowStep;
    int to = from + strip.dyRowsBelow(rows) * strip.dyRowStep;
    for (int channel = 0; channel < primary.outputChannels(); channel++) {
      int at = dyAt + channel * strip.dyChannelStep;
      Arrays.fill(scratch, at + from, at + to, 0);
    }
  }

  private void secondaryWeights(
      GroupConvolution secondary, float[] scratch, float[] y, int yStart, int rows, int partialAt) {
    int partitionWeights = primary.groups() * primary.groups();
    for (int m = 0; m < secondary.groups(); m++) {
      sums.add(
          secondaryGradient.orElseThrow(),
          secondary,
          primary.weights() + m * partitionWeights,
          scratch,
          dzAt + m * strip.yChannelStep,
          secondary.groups() * strip.yChannelStep,
          y,
          yStart + m * strip.yChannelStep,
          1,
          rows * strip.outputWidth,
          sumsAt,
          partials,
          partialAt);
    }
  }

  /**
   * The gradient of the activation under one partition, for the input rows that are now complete.
   */
  private void inputGradient(
      Frame frame, int task, float[] scratch, int group, int a, int rows, Target target) {
    int from = strip.inputRow(a);
    int to = strip.inputRow(a + rows);
    for (Phase phase : primaryBackward) {
      runPhase(phase, scratch, group, a, from, to);
    }
    for (int i = 0; i < primary.groupInputs(); i++) {
      int channel = reads.at(group * primary.groupInputs() + i);
      store(frame, task, scratch, i, channel, a, from, to - from, target);
    }
  }

  private void runPhase(Phase phase, float[] scratch, int group, int a, int from, int to) {
    int stride = strip.stride;
    int row = from + Math.floorMod(phase.row() - from - strip.padRows, stride);
    int column = Math.floorMod(phase.column() - strip.padColumns, stride);
    if (row >= to || column >= strip.inputWidth) {
      return;
    }
    int dyRow = (row + strip.padRows - phase.row()) / stride - a + strip.dyCarry;
    int dyColumn = (column + strip.padColumns - phase.column()) / stride + strip.dyLeft;
    phase
        .kernel()
        .run(
            group,
            scratch,
            dyAt
                + group * primary.groupOutputs() * strip.dyChannelStep
                + dyRow * strip.dyRowStep
                + dyColumn * Lanes.COUNT,
            scratch,
            dxAt + (row - from) * strip.dxRowStep + column * Lanes.COUNT,
            Math.ceilDiv(to - row, stride),
            Math.ceilDiv(strip.inputWidth - column, stride));
  }

  /**
   * Adds the other gradient, applies the ReLU, writes, and gathers the sums for the norm before.
   */
  private void store(
      Frame frame,
      int task,
      float[] scratch,
      int i,
      int channel,
      int a,
      int row,
      int rows,
      Target target) {
    int dx = dxAt + i * strip.dxChannelStep;
    Tensor addend = target.addend();
    if (addend != null) {
      int from = source.at(addend, frame, task, channel, row);
      Rows.addRows(addend.data(), from, addend.rowStep(), scratch, dx, rows, strip.dxRowStep);
    }
    if (!target.complete()) {
      Tensor gradient = target.gradient();
      int to = source.at(gradient, frame, task, channel, row);
      Rows.copy(
          scratch,
          dx,
          strip.dxRowStep,
          gradient.data(),
          to,
          gradient.rowStep(),
          rows,
          strip.dxRowStep);
      return;
    }
    int activation =
        inAt
            + i * strip.inChannelStep
            + (row - strip.topRow(a)) * strip.inRowStep
            + strip.padColumns * Lanes.COUNT;
    source.storeGradient(
        frame,
        task,
        channel,
        scratch,
        dx,
        activation,
        strip.inRowStep,
        target.gradient(),
        row,
        rows);
  }

  @Override
  public void finishBackward(Frame frame) {
    frame.sum(partials, partialStep(weightCount), weightCount);
    float[] gradients = parameters.gradients();
    for (int branch = 0; branch < branches; branch++) {
      int at = primaryWeight + branch * primary.weights();
      System.arraycopy(partials, 0, gradients, at, primary.weights());
    }
    secondary.ifPresent(
        s ->
            System.arraycopy(partials, primary.weights(), gradients, secondaryWeight, s.weights()));
    if (target.isPresent() && target.get().complete()) {
      source.finishGradient(frame);
    }
  }
}
