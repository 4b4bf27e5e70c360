package org.igcnet.engine;

import java.util.Optional;
import org.igcnet.arch.ConvolutionProduct;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.SummedConvolution;

/**
 * What is computed for a link of a linear map: one convolution, or the two of an IGC block. All
 * branches of a summation are one convolution with the sum of their kernels (equation 21).
 */
record Convolutions(GroupConvolution primary, Optional<GroupConvolution> secondary) {
  static Convolutions of(LinearMap map) {
    return switch (map) {
      case GroupConvolution convolution -> new Convolutions(convolution, Optional.empty());
      case IgcConvolution igc -> new Convolutions(igc.primary(), Optional.of(igc.secondary()));
      case SummedConvolution summed -> new Convolutions(summed.branch(), Optional.empty());
      case ConvolutionProduct product ->
          throw new IllegalArgumentException(product + " is more than one link");
    };
  }

  /** Weights of both. */
  int weights() {
    return primary.weights() + secondary.map(GroupConvolution::weights).orElse(0);
  }
}
