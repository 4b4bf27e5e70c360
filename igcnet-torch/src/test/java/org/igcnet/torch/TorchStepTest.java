package org.igcnet.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.Graph;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Operation;
import org.igcnet.torch.TorchStep.Single;
import org.igcnet.torch.TorchStep.Wide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchStepTest {
  @Test
  void partitionsBecomeAWholeVectorAndPermutationsGoIntoThePointwiseConvolution() {
    List<Wide> wide = wide("IGC-L24M2");
    assertThat(wide).hasSize(2);
    assertThat(wide.getFirst().operations()).hasSize(1);
    assertThat(wide.getFirst().shape().groups()).isEqualTo(3);
    assertThat(wide.getLast().operations()).hasSize(3);
    assertThat(wide.getLast().shape().groups()).isEqualTo(1);
  }

  /**
   * With L = 2 and M = 2 the secondary partitions are channels 0 and 2, and 1 and 3: each weight
   * stands in the row of the channel that it writes, in the column of the one that it reads.
   */
  @Test
  void weightsOfTheSecondaryStandWhereThePermutationsTakeThem() {
    assertThat(wide("IGC-L2M2").getLast().positions()).containsExactly(0, 2, 8, 10, 5, 7, 13, 15);
  }

  @Test
  void weightsOfAJoinedPartitionStandBesideZeros() {
    Wide primary = wide("IGC-L2M2").getFirst();
    assertThat(primary.shape().groups()).isEqualTo(1);
    long[] positions = primary.positions();
    assertThat(positions).hasSize(4 * 2 * 9).startsWith(0, 1, 2).endsWith(141, 142, 143);
    assertThat(positions[2 * 2 * 9]).isEqualTo((2 * 4 + 2) * 9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RegConv-W16",
        "IGC-L1M16",
        "IGC-L24M2",
        "IGC-L4M3-swapped-relu+Ident",
        "SumFusion-L4M8"
      })
  void everyOperationStandsInOneStep(String network) {
    Graph graph = graph(network);
    assertThat(
            TorchStep.wide(graph).stream().<Operation>flatMap(step -> step.operations().stream()))
        .containsExactlyElementsOf(graph.operations());
  }

  @Test
  void whatHasNoPartitionsStaysAsItIs() {
    assertThat(TorchStep.wide(graph("RegConv-W16"))).allMatch(Single.class::isInstance);
  }

  private static List<Wide> wide(String network) {
    return TorchStep.wide(graph(network)).stream()
        .filter(Wide.class::isInstance)
        .map(Wide.class::cast)
        .toList();
  }

  private static Graph graph(String network) {
    return Graph.of(
        new Architecture(
            NetworkName.parse(network),
            Body.FLAT,
            network.contains("Ident") ? 4 : 3,
            10,
            new ImageShape(3, 8, 8)));
  }
}
