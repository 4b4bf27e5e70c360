package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsTest {
  /** Section 3.1: there is just one path from each input to each output channel. */
  @Property(tries = 50)
  void thePapersBlockIsDenseByOnePath(
      @ForAll @IntRange(min = 1, max = 12) int l, @ForAll @IntRange(min = 1, max = 12) int m) {
    Connections connections = Connections.of(block("IGC-L%dM%d".formatted(l, m), 1));
    assertThat(connections).isEqualTo(new Connections(l * m, 2 * l * m, 1, 1, Kernel.SPATIAL));
    assertThat(connections.dense()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "RegConv-W16, 1, 1, 3, 3",
    "SumFusion-L4M8, 4, 4, 3, 3",
    "IGC-L24M2-swapped, 1, 1, 3, 3",
    "IGC-L24M2-spatial, 1, 1, 5, 5",
    "IGC-L24M2-split, 2, 2, 3, 3",
    "IGC-L24M2-dense, 2, 2, 3, 3",
    "IGC-L24M2-dense-narrow2, 1, 1, 3, 3",
    "IGC-L24M4-narrow2, 1, 1, 3, 3",
    "IGC-L24M2-relu, 1, 1, 3, 3",
    "IGC-L24M2-oneway, 1, 1, 3, 3",
    "IGC-L6x4M2, 1, 1, 3, 3",
    "IGC-L4x3x2M2-spatial, 1, 1, 9, 9",
    "IGC-L24M2-unpermuted, 0, 2, 3, 3",
    "IGC-L2M6-unpermuted, 0, 2, 3, 3",
    "IGC-L24M1-unpermuted, 1, 1, 3, 3",
  })
  void pathsOfVariations(String name, long fewest, long most, int height, int width) {
    LinearMap map = block(name, 0);
    assertThat(Connections.of(map))
        .isEqualTo(
            new Connections(
                map.inputChannels(),
                map.outputChannels(),
                fewest,
                most,
                new Kernel(height, width)));
  }

  @ParameterizedTest
  @CsvSource({"IGC-L24M2-spatial, 7", "IGC-L24M2-split, 3", "IGC-L24M2, 3"})
  void stridesWidenTheCompositeKernel(String name, int size) {
    assertThat(Connections.of(block(name, 1)).kernel()).isEqualTo(Kernel.square(size));
  }

  @Test
  void aGroupConvolutionIsSparse() {
    GroupConvolution convolution = new GroupConvolution(6, 4, 2, Kernel.POINT, 1);
    assertThat(Connections.of(convolution).dense()).isFalse();
    assertThat(Connections.paths(convolution, 2)).containsExactly(1, 1, 0, 0);
    assertThat(Connections.paths(convolution, 3)).containsExactly(0, 0, 1, 1);
  }

  private static LinearMap block(String name, int index) {
    return Architecture.cifar(name, 5, 10).blocks().get(index).units().getFirst().map();
  }
}
