package org.igcnet.arch;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
import org.igcnet.arch.LinearMap.Step;
import org.igcnet.arch.Variation.Kernels;
import org.igcnet.arch.Variation.Permutation;

/**
 * A block of an IGC network, from which its linear map follows.
 *
 * <p>A channel's index is a number of mixed radix: for L = L₁·L₂ the digits l₁, l₂ and m. The
 * primary convolution mixes the channels that differ in m only, the next those that differ in l₂
 * only, the last those that differ in l₁ only. Between two convolutions the last digit becomes the
 * first, so that the partitions are always neighbouring channels; after the last convolution the
 * digits are in their own order again.
 *
 * @param partitionFactors L as a product, outermost digit first; one factor in the paper
 * @param partitionInputs input channels of one primary partition
 * @param secondaryPartitions M
 * @param variation how it departs from equation 5
 * @param stride step between neighbouring outputs
 */
record IgcBlock(
    List<Integer> partitionFactors,
    int partitionInputs,
    int secondaryPartitions,
    Variation variation,
    int stride) {
  private static final Kernel COLUMN = new Kernel(3, 1);
  private static final Kernel ROW = new Kernel(1, 3);

  /** L. */
  private int partitions() {
    return partitionFactors.stream().reduce(1, Math::multiplyExact);
  }

  LinearMap map() {
    boolean asInThePaper =
        partitionFactors.size() == 1
            && variation.kernels() == Kernels.PAPER
            && !variation.dense()
            && variation.narrowing() == 1
            && !variation.activated()
            && variation.permutation() == Permutation.BACK;
    if (asInThePaper) {
      return new IgcConvolution(
          partitions(), partitionInputs, secondaryPartitions, Kernel.SPATIAL, stride);
    }
    List<Step> steps = new ArrayList<>(primary());
    steps.addAll(variation.dense() ? dense() : grouped());
    return new ConvolutionProduct(steps);
  }

  /** Output channels of one primary partition. */
  private int narrow() {
    return secondaryPartitions / variation.narrowing();
  }

  private List<Factor> primary() {
    int l = partitions();
    int inputs = l * partitionInputs;
    int outputs = l * narrow();
    return switch (variation.kernels()) {
      case PAPER, SPATIAL ->
          List.of(
              new Factor(
                  "primary", new GroupConvolution(inputs, outputs, l, Kernel.SPATIAL, stride)));
      case SWAPPED ->
          List.of(new Factor("primary", new GroupConvolution(inputs, outputs, l, Kernel.POINT, 1)));
      // The stride comes last: a step between the two would leave out what the second wants to see.
      case SPLIT ->
          List.of(
              new Factor("primary3x1", new GroupConvolution(inputs, inputs, l, COLUMN, 1)),
              new Factor("primary1x3", new GroupConvolution(inputs, outputs, l, ROW, stride)));
    };
  }

  private List<Step> dense() {
    int l = partitions();
    Factor blend = secondary("secondary", l * narrow(), l * secondaryPartitions, 1, true);
    return variation.activated() ? List.of(new Rectify(), blend) : List.of(blend);
  }

  /** One convolution for each digit of L, the last digit first. */
  private List<Step> grouped() {
    List<Step> steps = new ArrayList<>();
    int channels = partitions() * narrow();
    int mixed = narrow();
    for (int place = partitionFactors.size() - 1; place >= 0; place--) {
      if (variation.activated()) {
        steps.add(new Rectify());
      }
      if (variation.permutation() != Permutation.NONE) {
        steps.add(new Interleave(channels / mixed, mixed));
      }
      boolean last = place == 0;
      int digit = partitionFactors.get(place);
      int groups = channels / digit;
      mixed = last ? digit * variation.narrowing() : digit;
      channels = groups * mixed;
      steps.add(secondary(name(place), groups * digit, channels, groups, last));
    }
    if (variation.permutation() == Permutation.BACK) {
      steps.add(new Interleave(channels / mixed, mixed));
    }
    return steps;
  }

  private String name(int place) {
    int number = partitionFactors.size() - place + 1;
    return number == 2 ? "secondary" : "factor" + number;
  }

  private Factor secondary(String name, int inputs, int outputs, int groups, boolean last) {
    Kernel kernel =
        switch (variation.kernels()) {
          case PAPER, SPLIT -> Kernel.POINT;
          case SPATIAL -> Kernel.SPATIAL;
          case SWAPPED -> last ? Kernel.SPATIAL : Kernel.POINT;
        };
    int step = last && variation.kernels() == Kernels.SWAPPED ? stride : 1;
    return new Factor(name, new GroupConvolution(inputs, outputs, groups, kernel, step));
  }
}
