package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.SummedConvolution;
import org.junit.jupiter.api.Test;

/** Worked out by hand; the numerical tests stand beside the engine's reference. */
class IgcWeightsTest {
  @Test
  void compositeKernelByHand() {
    // L = 2, M = 2, 1×1: y = (1·x0 + 2·x1, 3·x0 + 4·x1, 5·x2 + 6·x3, 7·x2 + 8·x3).
    double[] primary = {1, 2, 3, 4, 5, 6, 7, 8};
    // z̄ = (y0 + 10·y2, 100·y0 + y2, y1 + 20·y3, 200·y1 + y3)
    double[] secondary = {1, 10, 100, 1, 1, 20, 200, 1};
    IgcWeights weights =
        new IgcWeights(new IgcConvolution(2, 2, 2, Kernel.POINT, 1), primary, secondary);
    assertThat(weights.compositeKernel())
        .containsExactly(
            1, 2, 50, 60, // z̄0
            3, 4, 140, 160, // z̄2
            100, 200, 5, 6, // z̄1
            600, 800, 7, 8); // z̄3
    assertThat(weights.composite()).isEqualTo(new GroupConvolution(4, 4, 1, Kernel.POINT, 1));
  }

  @Test
  void summationFusionHasSecondaryKernelsOfOnes() {
    SummedConvolution summed =
        new SummedConvolution(3, new GroupConvolution(1, 2, 1, Kernel.POINT, 2));
    IgcWeights weights = IgcWeights.ofSummation(summed, new double[] {1, 2, 3, 4, 5, 6});
    assertThat(weights.shape()).isEqualTo(new IgcConvolution(3, 1, 2, Kernel.POINT, 2));
    assertThat(weights.primary()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(weights.secondary()).hasSize(18).containsOnly(1);
  }

  @Test
  void impossibleOnesAreRefused() {
    GroupConvolution regular = new GroupConvolution(6, 4, 1, Kernel.POINT, 1);
    assertThatThrownBy(() -> IgcWeights.ofRegular(regular, new double[24], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be cut into 3 × 3 blocks");
    assertThatThrownBy(() -> IgcWeights.ofRegular(regular, new double[23], 2))
        .hasMessage("the regular kernel has 24 weights, not 23");
    IgcConvolution igc = new IgcConvolution(2, 2, 2, Kernel.POINT, 1);
    assertThatThrownBy(() -> new IgcWeights(igc, new double[8], new double[9]))
        .hasMessage("the secondary kernel has 8 weights, not 9");
  }
}
