package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.igcnet.UserError;
import org.igcnet.arch.Parameter.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  @Test
  void igcStagesDoubleMAndHalveTheMap() {
    Architecture architecture = Architecture.cifar("IGC-L24M2", 20, 10);
    assertThat(architecture.blocksPerStage()).isEqualTo(6);
    assertThat(architecture.stem().map())
        .isEqualTo(new GroupConvolution(3, 48, 1, Kernel.SPATIAL, 1));
    assertThat(architecture.blocks()).hasSize(18);
    assertThat(architecture.blocks().stream().map(Block::output).distinct())
        .containsExactly(
            new ImageShape(48, 32, 32), new ImageShape(96, 16, 16), new ImageShape(192, 8, 8));
    assertThat(plain(architecture, 5)).isEqualTo(new IgcConvolution(24, 2, 2, Kernel.SPATIAL, 1));
    assertThat(plain(architecture, 6)).isEqualTo(new IgcConvolution(24, 2, 4, Kernel.SPATIAL, 2));
    assertThat(plain(architecture, 7)).isEqualTo(new IgcConvolution(24, 4, 4, Kernel.SPATIAL, 1));
    assertThat(plain(architecture, 12)).isEqualTo(new IgcConvolution(24, 4, 8, Kernel.SPATIAL, 2));
    assertThat(architecture.head().features()).isEqualTo(192);
  }

  private static LinearMap plain(Architecture architecture, int block) {
    return architecture.blocks().get(block).units().getFirst().map();
  }

  @Test
  void regularStagesDoubleTheWidth() {
    Architecture architecture = Architecture.cifar("RegConv-W18", 8, 10);
    assertThat(plain(architecture, 1))
        .isEqualTo(new GroupConvolution(18, 18, 1, Kernel.SPATIAL, 1));
    assertThat(plain(architecture, 2))
        .isEqualTo(new GroupConvolution(18, 36, 1, Kernel.SPATIAL, 2));
    assertThat(plain(architecture, 5))
        .isEqualTo(new GroupConvolution(72, 72, 1, Kernel.SPATIAL, 1));
  }

  @Test
  void summationFusionDoublesItsBranchesWidth() {
    Architecture architecture = Architecture.cifar("SumFusion-L4M8", 5, 10);
    assertThat(architecture.stem().output()).isEqualTo(new ImageShape(8, 32, 32));
    SummedConvolution second = (SummedConvolution) plain(architecture, 1);
    assertThat(second.branches()).isEqualTo(4);
    assertThat(second.branch()).isEqualTo(new GroupConvolution(8, 16, 1, Kernel.SPATIAL, 2));
    assertThat(second.factors().getFirst().convolution().weightShape())
        .containsExactly(64, 8, 3, 3);
  }

  @Test
  void identityMappingsProjectWhereTheShapeChanges() {
    Architecture architecture = Architecture.cifar("IGC-L4M8+Ident", 14, 10);
    assertThat(architecture.blocksPerStage()).isEqualTo(2);
    List<Block.Residual> blocks =
        architecture.blocks().stream().map(Block.Residual.class::cast).toList();
    assertThat(blocks)
        .extracting(block -> block.projection().isPresent())
        .containsExactly(false, false, true, false, true, false);
    Block.Residual second = blocks.get(2);
    assertThat(second.first().map()).isEqualTo(new IgcConvolution(4, 8, 16, Kernel.SPATIAL, 2));
    assertThat(second.second().map()).isEqualTo(new IgcConvolution(4, 16, 16, Kernel.SPATIAL, 1));
    assertThat(second.projection().orElseThrow())
        .isEqualTo(
            new ConvUnit(
                "stage2.0.shortcut",
                new GroupConvolution(32, 64, 4, Kernel.POINT, 2),
                new ImageShape(32, 32, 32)));
  }

  @Test
  void regularProjectionsAreUngrouped() {
    Architecture architecture = Architecture.cifar("RegConv-W16+Ident", 8, 10);
    assertThat(architecture.units().stream().filter(u -> u.name().endsWith("shortcut")))
        .extracting(ConvUnit::map)
        .containsExactly(
            new GroupConvolution(16, 32, 1, Kernel.POINT, 2),
            new GroupConvolution(32, 64, 1, Kernel.POINT, 2));
  }

  @Test
  void flatBodyKeepsTheSize() {
    Architecture flat =
        new Architecture(NetworkName.parse("IGC-L40M2"), Body.FLAT, 8, 100, ImageShape.CIFAR);
    assertThat(flat.blocks()).hasSize(6);
    assertThat(flat.blocks()).extracting(Block::output).containsOnly(new ImageShape(80, 32, 32));
    assertThat(flat.head().features()).isEqualTo(80);
  }

  @Test
  void oddSizesRoundUp() {
    Architecture architecture =
        new Architecture(
            NetworkName.parse("RegConv-W4"), Body.STAGES, 5, 2, new ImageShape(1, 7, 10));
    assertThat(architecture.blocks())
        .extracting(Block::output)
        .containsExactly(
            new ImageShape(4, 7, 10), new ImageShape(8, 4, 5), new ImageShape(16, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RegConv-W16",
        "SumFusion-L4M8",
        "IGC-L24M2",
        "IGC-L1M9",
        "IGC-L9M1",
        "RegConv-W16+Ident",
        "SumFusion-L4M8+Ident",
        "IGC-L24M2+Ident"
      })
  void parametersHaveUniqueNamesAndPyTorchShapes(String name) {
    Architecture architecture = Architecture.cifar(name, 14, 10);
    List<Parameter> parameters = architecture.parameters();
    assertThat(parameters).extracting(Parameter::name).doesNotHaveDuplicates();
    for (Parameter parameter : parameters) {
      int extents =
          switch (parameter.role()) {
            case CONVOLUTION -> 4;
            case LINEAR -> 2;
            case BIAS, GAMMA, BETA, RUNNING_MEAN, RUNNING_VARIANCE -> 1;
          };
      assertThat(parameter.shape()).hasSize(extents);
      if (parameter.role() == Role.CONVOLUTION) {
        List<Integer> oihw = parameter.shape();
        assertThat(parameter.fanIn()).isEqualTo(oihw.get(1) * oihw.get(2) * oihw.get(3));
      }
    }
  }

  @Test
  void parametersOfAnIgcBlockInOrder() {
    List<Parameter> parameters = Architecture.cifar("IGC-L24M2", 5, 10).parameters();
    assertThat(parameters.subList(5, 11))
        .containsExactly(
            new Parameter("stage1.0.primary.weight", Role.CONVOLUTION, List.of(48, 2, 3, 3), 18),
            new Parameter("stage1.0.secondary.weight", Role.CONVOLUTION, List.of(48, 24, 1, 1), 24),
            new Parameter("stage1.0.bn.weight", Role.GAMMA, List.of(48), 0),
            new Parameter("stage1.0.bn.bias", Role.BETA, List.of(48), 0),
            new Parameter("stage1.0.bn.running_mean", Role.RUNNING_MEAN, List.of(48), 0),
            new Parameter("stage1.0.bn.running_var", Role.RUNNING_VARIANCE, List.of(48), 0));
    assertThat(parameters.subList(parameters.size() - 2, parameters.size()))
        .containsExactly(
            new Parameter("fc.weight", Role.LINEAR, List.of(10, 192), 192),
            new Parameter("fc.bias", Role.BIAS, List.of(10), 192));
  }

  /** Every tensor of the widest networks must fit an array. */
  @ParameterizedTest
  @ValueSource(strings = {"RegConv-W3840+Ident", "IGC-L3840M1", "IGC-L1M3840", "SumFusion-L1M3840"})
  void theWidestNetworksHaveCountableTensors(String name) {
    assertThat(Architecture.cifar(name, 8, 16_384).parameters())
        .allSatisfy(parameter -> assertThat(parameter.size()).isPositive());
  }

  @ParameterizedTest
  @CsvSource({
    "IGC-L24M2, stages, 9, 3n+2, 8 or 11",
    "IGC-L24M2, stages, 10, 3n+2, 8 or 11",
    "IGC-L24M2, stages, 2, 3n+2, 5",
    "IGC-L24M2, stages, -2147483648, 3n+2, 5",
    "IGC-L24M2, stages, 2147483647, 3n+2, 9998",
    "IGC-L24M2, stages, 10000, 3n+2, 9998",
    "IGC-L24M2+Ident, stages, 11, 6n+2, 8 or 14",
    "IGC-L24M2, flat, 2, n+2, 3",
    "IGC-L24M2, flat, 10001, n+2, 10000",
    "IGC-L24M2+Ident, flat, 7, 2n+2, 6 or 8",
  })
  void impossibleDepthsAreRefused(
      String name, String body, int depth, String form, String nearest) {
    assertThatThrownBy(
            () ->
                new Architecture(
                    NetworkName.parse(name), Body.parse(body), depth, 10, ImageShape.CIFAR))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "%s has no depth %d: with the body \"%s\" its depth is %s, the nearest possible is %s"
                .formatted(name, depth, body, form, nearest));
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 1", "16385, 16384", "2147483647, 16384"})
  void impossibleClassCountsAreRefused(int classes, int nearest) {
    assertThatThrownBy(() -> Architecture.cifar("IGC-L24M2", 8, classes))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the number of classes is %d; the nearest possible is %d".formatted(classes, nearest));
  }

  @Test
  void unknownBodiesAreRefusedWithThoseThatThereAre() {
    assertThat(Body.parse("FLAT")).isEqualTo(Body.FLAT);
    assertThatThrownBy(() -> Body.parse("round"))
        .isInstanceOf(UserError.class)
        .hasMessage("\"round\" is no body; there are stages, flat");
  }
}
