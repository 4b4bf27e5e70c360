package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.Operation.Add;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTest {
  @ParameterizedTest
  @CsvSource({
    "IGC-L4M2, stages, 8, 32",
    "IGC-L4M2+Ident, stages, 8, 32",
    "RegConv-W4+Ident, flat, 4, 8",
    "SumFusion-L4M8, stages, 5, 32",
    "IGC-L6M4-narrow2-relu+Ident, stages, 8, 16",
    "IGC-L2x3x2M2, stages, 8, 16",
    "IGC-L4M2-se, stages, 8, 16",
    "IGC-L4M2-relu-se+Ident, flat, 4, 8",
    "ResNet-C4, imagenet, 10, 64"
  })
  void everyOperationReadsWhatEarlierOnesWrote(String name, String body, int depth, int size) {
    Architecture architecture =
        new Architecture(
            NetworkName.parse(name), Body.parse(body), depth, 7, new ImageShape(3, size, size));
    Map<String, ImageShape> written = new HashMap<>(Map.of(Graph.IMAGE, architecture.input()));
    for (Operation operation : Graph.of(architecture)) {
      assertThat(written)
          .as(operation.name())
          .containsKeys(operation.inputs().toArray(new String[0]));
      ImageShape input = written.get(operation.inputs().getFirst());
      if (operation instanceof Convolution convolution) {
        assertThat(convolution.from()).isEqualTo(input);
      }
      assertThat(written.put(operation.name(), operation.output())).as(operation.name()).isNull();
    }
    assertThat(Graph.of(architecture).operations().getLast().output())
        .isEqualTo(new ImageShape(7, 1, 1));
    assertThat(weights(architecture))
        .containsExactlyElementsOf(
            architecture.parameters().stream()
                .filter(parameter -> parameter.role().counted())
                .map(Parameter::name)
                .toList());
  }

  private static List<String> weights(Architecture architecture) {
    return Graph.of(architecture).operations().stream()
        .flatMap(
            operation ->
                switch (operation) {
                  case Convolution convolution -> List.of(convolution.weight()).stream();
                  case Linear _ -> List.of(Head.WEIGHT, Head.BIAS).stream();
                  default -> List.<String>of().stream();
                })
        .toList();
  }

  @Test
  void aShortcutIsReadByTheBlockAndLastByItsSum() {
    Graph graph = Graph.of(Architecture.cifar("RegConv-W4+Ident", 8, 3));
    Map<String, Operation> last = graph.lastReaders();
    assertThat(last.get(Graph.IMAGE))
        .isEqualTo(
            new Convolution(
                "stem",
                "conv",
                Graph.IMAGE,
                new GroupConvolution(3, 4, 1, Kernel.SPATIAL, 1),
                ImageShape.CIFAR));
    assertThat(last.get("stem.relu"))
        .isEqualTo(
            new Add(
                "stage1.0.second.add",
                List.of("stage1.0.second.bn", "stem.relu"),
                new ImageShape(4, 32, 32)));
    assertThat(last.get("stage1.0.second.relu"))
        .as("the projection of a block that changes the shape stands after its trunk")
        .isInstanceOfSatisfying(
            Convolution.class,
            convolution -> assertThat(convolution.name()).isEqualTo("stage2.0.shortcut.conv"));
    assertThat(last).doesNotContainKey("fc");
  }

  @Test
  void thePoolOfTheImageNetBodyHalvesTheStem() {
    Architecture architecture =
        new Architecture(
            NetworkName.parse("ResNet-C4"),
            Body.parse("imagenet"),
            10,
            3,
            new ImageShape(3, 65, 64));
    assertThat(Graph.of(architecture))
        .contains(
            new MaxPool("stem.pool", "stem.relu", Kernel.SPATIAL, 2, new ImageShape(4, 33, 32)));
  }

  @Test
  void tensorsOfANormAreNamedAfterItsUnit() {
    BatchNorm norm = new BatchNorm("stage1.0", "stage1.0.restore", new ImageShape(8, 4, 4));
    assertThat(norm.tensor(Parameter.Role.RUNNING_VARIANCE)).isEqualTo("stage1.0.bn.running_var");
  }
}
