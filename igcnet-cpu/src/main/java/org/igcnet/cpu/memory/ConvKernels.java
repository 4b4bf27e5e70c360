package org.igcnet.cpu.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapGradient;
import org.igcnet.cpu.plan.Area;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.plan.Strip;
import org.igcnet.cpu.plan.WeightOrder;

/** The kernels of a link, and its weights as they want them. */
public final class ConvKernels {
  /**
   * Input positions whose row and column leave the same remainders, and the taps that reach them.
   */
  public record Phase(int row, int column, GroupKernel kernel) {}

  private final Parameters parameters;
  private final int primaryWeight;
  private final int secondaryWeight;
  private final int branches;
  private final float[] summedWeights;
  private final GroupKernel primary;
  private final Optional<GroupKernel> secondary;
  private final List<Phase> primaryBackward;
  private final Optional<GroupKernel> secondaryBackward;
  private final TapGradient primaryGradient;
  private final Optional<TapGradient> secondaryGradient;

  /**
   * @param toInput whether somebody asks for the gradient of what it reads
   */
  public ConvKernels(ConvPlan plan, Parameters parameters, boolean toInput) {
    Link link = plan.link();
    GroupConvolution first = link.primary();
    this.parameters = parameters;
    this.primaryWeight = parameters.offset(link.first().operation().weight());
    this.secondaryWeight =
        link.second().map(factor -> parameters.offset(factor.operation().weight())).orElse(0);
    this.branches = link.first().branches();
    this.summedWeights = new float[branches > 1 ? first.weights() : 0];
    Strip strip = plan.strip();
    Area y = strip.y();
    int[] taps = forwardTaps(first, strip.in());
    Steps in = new Steps(0, first.stride() * strip.in().rowStep(), first.stride() * Lanes.COUNT);
    this.primary =
        new GroupKernel(
            new WeightOrder(
                first.groups(),
                first.weights() / first.groups(),
                first.groupOutputs(),
                taps.length),
            taps,
            WeightOrder.inOrder(taps.length, 1),
            in,
            steps(link.secondary().isPresent() ? y : strip.z()));
    this.primaryGradient = new TapGradient(taps, in, steps(strip.dy()));
    this.primaryBackward = toInput ? phases(first, strip) : List.of();
    this.secondary = link.secondary().map(second -> forward(second, y, strip.z()));
    this.secondaryBackward = link.secondary().map(second -> backward(second, y, strip.dy()));
    this.secondaryGradient = link.secondary().map(second -> gradient(second, y));
  }

  private static Steps steps(Area area) {
    return new Steps(area.channelStep(), area.rowStep(), Lanes.COUNT);
  }

  private static int[] forwardTaps(GroupConvolution primary, Area in) {
    Kernel kernel = primary.kernel();
    int[] taps = new int[primary.fanIn()];
    int tap = 0;
    for (int channel = 0; channel < primary.groupInputs(); channel++) {
      for (int row = 0; row < kernel.height(); row++) {
        for (int column = 0; column < kernel.width(); column++) {
          taps[tap++] = channel * in.channelStep() + row * in.rowStep() + column * Lanes.COUNT;
        }
      }
    }
    return taps;
  }

  private static List<Phase> phases(GroupConvolution primary, Strip strip) {
    List<Phase> phases = new ArrayList<>();
    for (int row = 0; row < primary.stride(); row++) {
      for (int column = 0; column < primary.stride(); column++) {
        phases.add(new Phase(row, column, backward(primary, strip, row, column)));
      }
    }
    return List.copyOf(phases);
  }

  /**
   * For input positions (i, j) with (i + pad) mod stride = row, (j + pad) mod stride = column. Taps
   * go from left to right, against the kernel's own direction, so that those of a 3×3 kernel are
   * neighbours.
   */
  private static GroupKernel backward(GroupConvolution primary, Strip strip, int row, int column) {
    Kernel kernel = primary.kernel();
    Area dy = strip.dy();
    Area dx = strip.dx();
    int stride = primary.stride();
    List<Integer> taps = new ArrayList<>();
    List<Integer> origins = new ArrayList<>();
    for (int output = 0; output < primary.groupOutputs(); output++) {
      for (int y = row; y < kernel.height(); y += stride) {
        int last = kernel.width() - 1 - Math.floorMod(kernel.width() - 1 - column, stride);
        for (int x = last; x >= column; x -= stride) {
          taps.add(
              output * dy.channelStep()
                  - (y - row) / stride * dy.rowStep()
                  - (x - column) / stride * Lanes.COUNT);
          origins.add(output * primary.fanIn() + y * kernel.width() + x);
        }
      }
    }
    return new GroupKernel(
        new WeightOrder(
            primary.groups(),
            primary.weights() / primary.groups(),
            primary.groupInputs(),
            kernel.area()),
        taps.stream().mapToInt(Integer::intValue).toArray(),
        origins.stream().mapToInt(Integer::intValue).toArray(),
        new Steps(0, dy.rowStep(), Lanes.COUNT),
        new Steps(dx.channelStep(), stride * dx.rowStep(), stride * Lanes.COUNT));
  }

  /** Places of the L channels of a secondary partition: every M-th channel. */
  private static int[] partition(GroupConvolution secondary, Area area) {
    return WeightOrder.inOrder(secondary.groupInputs(), secondary.groups() * area.channelStep());
  }

  private static GroupKernel forward(GroupConvolution secondary, Area y, Area z) {
    int l = secondary.groupInputs();
    return new GroupKernel(
        new WeightOrder(secondary.groups(), l * l, l, l),
        partition(secondary, y),
        WeightOrder.inOrder(l, 1),
        new Steps(0, y.rowStep(), Lanes.COUNT),
        new Steps(secondary.groups() * z.channelStep(), z.rowStep(), Lanes.COUNT));
  }

  private static GroupKernel backward(GroupConvolution secondary, Area dz, Area dy) {
    int l = secondary.groupInputs();
    return new GroupKernel(
        new WeightOrder(secondary.groups(), l * l, l, 1),
        partition(secondary, dz),
        WeightOrder.inOrder(l, l),
        new Steps(0, dz.rowStep(), Lanes.COUNT),
        new Steps(secondary.groups() * dy.channelStep(), dy.rowStep(), Lanes.COUNT));
  }

  private static TapGradient gradient(GroupConvolution secondary, Area y) {
    return new TapGradient(
        partition(secondary, y),
        new Steps(0, y.rowStep(), Lanes.COUNT),
        new Steps(secondary.groups() * y.channelStep(), y.rowStep(), Lanes.COUNT));
  }

  /** Wᵖ. */
  public GroupKernel primary() {
    return primary;
  }

  /** Wˢ. */
  public Optional<GroupKernel> secondary() {
    return secondary;
  }

  /** Wᵖᵀ, for each class of input positions; none where nobody asks for the input's gradient. */
  public List<Phase> primaryBackward() {
    return primaryBackward;
  }

  /** Wˢᵀ. */
  public Optional<GroupKernel> secondaryBackward() {
    return secondaryBackward;
  }

  /** For the gradient of Wᵖ. */
  public TapGradient primaryGradient() {
    return primaryGradient;
  }

  /** For the gradient of Wˢ. */
  public Optional<TapGradient> secondaryGradient() {
    return secondaryGradient;
  }

  /** Lays the weights out as the kernels want them; those of backward only in training. */
  public void pack(Mode mode) {
    float[] from = parameters.values();
    int base = primaryWeight;
    if (branches > 1) {
      sumBranches(from, base);
      from = summedWeights;
      base = 0;
    }
    primary.pack(from, base);
    secondary.ifPresent(this::packSecondary);
    if (mode == Mode.TRAINING) {
      for (Phase phase : primaryBackward) {
        phase.kernel().pack(from, base);
      }
      secondaryBackward.ifPresent(this::packSecondary);
    }
  }

  private void packSecondary(GroupKernel kernel) {
    kernel.pack(parameters.values(), secondaryWeight);
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

  /**
   * Puts the sums of all tasks where the gradients of the weights are: each branch has the same.
   */
  public void storeGradients(TaskSums sums, Link link) {
    float[] gradients = parameters.gradients();
    int count = link.primary().weights();
    for (int branch = 0; branch < branches; branch++) {
      System.arraycopy(sums.values(), 0, gradients, primaryWeight + branch * count, count);
    }
    link.secondary()
        .ifPresent(
            second ->
                System.arraycopy(
                    sums.values(), count, gradients, secondaryWeight, second.weights()));
  }
}
