package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.SummedConvolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompositeKernelTest {
  private final Random random = new Random(5);

  @Test
  void thatOfAnIgcBlockIsEquation6() {
    IgcConvolution igc = new IgcConvolution(3, 2, 4, Kernel.SPATIAL, 2);
    List<double[]> weights = weights(igc);
    double[] wanted = new IgcWeights(igc, weights.getFirst(), weights.getLast()).compositeKernel();
    CompositeKernel composite = CompositeKernel.of(igc, weights);
    assertThat(composite.kernel()).isEqualTo(Kernel.SPATIAL);
    for (int output = 0; output < 12; output++) {
      for (int input = 0; input < 6; input++) {
        int at = (output * 6 + input) * 9;
        assertThat(composite.taps(output, input))
            .containsExactly(Arrays.copyOfRange(wanted, at, at + 9), within(1e-12));
      }
    }
  }

  /** Taps are zero just where no path leads, as random weights do not cancel. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "IGC-L4M3-unpermuted",
        "IGC-L3x2M2",
        "IGC-L3x2M2-spatial-oneway",
        "IGC-L4M4-narrow2-swapped",
        "IGC-L4M2-split",
        "IGC-L4M2-dense",
        "SumFusion-L3M4"
      })
  void itIsNotZeroWherePathsLead(String name) {
    for (int block = 0; block < 2; block++) {
      LinearMap map = Architecture.cifar(name, 5, 10).blocks().get(block).units().getFirst().map();
      CompositeKernel composite = CompositeKernel.of(map, weights(map));
      assertThat(composite.kernel()).isEqualTo(Connections.of(map).kernel());
      assertThat(composite.outputs()).isEqualTo(map.outputChannels());
      for (int input = 0; input < map.inputChannels(); input++) {
        long[] paths = Connections.paths(map, input);
        for (int output = 0; output < map.outputChannels(); output++) {
          double size = Arrays.stream(composite.taps(output, input)).map(Math::abs).sum();
          assertThat(size > 0).isEqualTo(paths[output] > 0);
        }
      }
    }
  }

  /** 3×1 with stride 1 and then 1×3 with stride 2, by hand. */
  @Test
  void kernelsOfOneChannelByHand() {
    LinearMap split =
        Architecture.cifar("IGC-L1M1-split", 5, 10).blocks().get(1).units().getFirst().map();
    List<double[]> weights =
        List.of(new double[] {1, 2, 3}, new double[] {1, 10, 100, 0, 0, 0}, new double[] {1, 1});
    assertThat(CompositeKernel.of(split, weights).taps(0, 0))
        .containsExactly(1, 10, 100, 2, 20, 200, 3, 30, 300);
  }

  @Test
  void summedBranchesAreTheSumOfTheirKernels() {
    SummedConvolution summed =
        new SummedConvolution(2, new GroupConvolution(1, 1, 1, new Kernel(1, 3), 1));
    assertThat(CompositeKernel.of(summed, List.of(new double[] {1, 2, 3, 10, 20, 30})).taps(0, 0))
        .containsExactly(11, 22, 33);
  }

  @Test
  void activationsAndMissingWeightsAreRefused() {
    LinearMap activated =
        Architecture.cifar("IGC-L2M2-relu", 5, 10).blocks().getFirst().units().getFirst().map();
    assertThatThrownBy(() -> CompositeKernel.of(activated, weights(activated)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no composite kernel");
    GroupConvolution point = new GroupConvolution(2, 2, 1, Kernel.POINT, 1);
    assertThatThrownBy(() -> CompositeKernel.of(point, List.of(new double[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 weights, not 3");
  }

  private List<double[]> weights(LinearMap map) {
    return map.factors().stream()
        .map(factor -> random.doubles(factor.convolution().weights(), -1, 1).toArray())
        .toList();
  }
}
