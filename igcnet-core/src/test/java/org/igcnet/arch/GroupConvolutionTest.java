package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GroupConvolutionTest {
  @Test
  void weightsAreOihw() {
    GroupConvolution convolution = new GroupConvolution(12, 8, 4, new Kernel(3, 5), 2);
    assertThat(convolution.weightShape()).containsExactly(8, 3, 3, 5);
    assertThat(convolution.fanIn()).isEqualTo(45);
    assertThat(convolution.weights()).isEqualTo(360);
    assertThat(convolution.output(new ImageShape(12, 9, 4))).isEqualTo(new ImageShape(8, 5, 2));
  }

  @Test
  void impossibleOnesAreRefused() {
    assertThatThrownBy(() -> new GroupConvolution(12, 9, 4, Kernel.POINT, 1))
        .hasMessage("12 → 9 channels cannot be divided into 4 partitions");
    assertThatThrownBy(() -> new GroupConvolution(4, 4, 1, Kernel.POINT, 0))
        .hasMessage("a stride is at least 1, not 0");
    assertThatThrownBy(() -> new Kernel(3, 2))
        .hasMessage("a kernel has an odd number of rows and columns, not 3×2");
    assertThatThrownBy(() -> new ImageShape(3, 0, 32))
        .hasMessage("an image needs at least one channel, row and column, not 3×0×32");
    assertThatThrownBy(() -> new IgcConvolution(0, 2, 2, Kernel.POINT, 1))
        .hasMessage("partitions and their inputs are at least 1, not L = 0, 2 inputs and M = 2");
    GroupConvolution branch = new GroupConvolution(4, 4, 2, Kernel.POINT, 1);
    assertThatThrownBy(() -> new SummedConvolution(2, branch))
        .hasMessageStartingWith("a branch is an ungrouped convolution");
    assertThatThrownBy(() -> branch.output(new ImageShape(3, 8, 8)))
        .hasMessageEndingWith("takes 4 channels, not 3");
  }

  @Test
  void factorsOfAnIgcConvolution() {
    IgcConvolution igc = new IgcConvolution(24, 2, 4, Kernel.SPATIAL, 2);
    assertThat(igc.factors())
        .containsExactly(
            new LinearMap.Factor("primary", new GroupConvolution(48, 96, 24, Kernel.SPATIAL, 2)),
            new LinearMap.Factor("secondary", new GroupConvolution(96, 96, 4, Kernel.POINT, 1)));
    assertThat(igc.output(new ImageShape(48, 32, 32))).isEqualTo(new ImageShape(96, 16, 16));
  }
}
