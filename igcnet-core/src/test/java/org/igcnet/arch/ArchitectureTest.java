package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.igcnet.UserError;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
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
        "IGC-L24M2+Ident",
        "IGC-L4x3M2-spatial-relu",
        "IGC-L4x3x2M2+Ident",
        "IGC-L6M2-split-narrow2",
        "IGC-L6M2-dense",
        "IGC-L6M2-se+Ident"
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

  @Test
  void imagenetBodyOfTable6() {
    Architecture architecture = imagenet("ResNet-C64", 18, 224, 224);
    assertThat(architecture.stem().map())
        .isEqualTo(new GroupConvolution(3, 64, 1, Kernel.square(7), 2));
    assertThat(architecture.stem().output()).isEqualTo(new ImageShape(64, 112, 112));
    assertThat(architecture.pool().orElseThrow().output()).isEqualTo(new ImageShape(64, 56, 56));
    assertThat(architecture.blocks())
        .extracting(Block::output)
        .containsExactly(
            new ImageShape(64, 56, 56), new ImageShape(64, 56, 56),
            new ImageShape(128, 28, 28), new ImageShape(128, 28, 28),
            new ImageShape(256, 14, 14), new ImageShape(256, 14, 14),
            new ImageShape(512, 7, 7), new ImageShape(512, 7, 7));
  }

  @Test
  void imagenetNetworksDoubleMButThatOfM2DoublesL() {
    assertThat(firstMaps(imagenet("IGC-L4M32+Ident", 18, 224, 224)))
        .containsExactly(
            new IgcConvolution(4, 32, 32, Kernel.SPATIAL, 1),
            new IgcConvolution(4, 32, 64, Kernel.SPATIAL, 2),
            new IgcConvolution(4, 64, 128, Kernel.SPATIAL, 2),
            new IgcConvolution(4, 128, 256, Kernel.SPATIAL, 2));
    Architecture wide = imagenet("IGC-L100M2+Ident", 18, 224, 224);
    assertThat(wide.stem().output().channels()).isEqualTo(100);
    assertThat(firstMaps(wide))
        .containsExactly(
            new IgcConvolution(100, 1, 2, Kernel.SPATIAL, 1),
            new IgcConvolution(200, 1, 2, Kernel.SPATIAL, 2),
            new IgcConvolution(400, 1, 2, Kernel.SPATIAL, 2),
            new IgcConvolution(800, 1, 2, Kernel.SPATIAL, 2));
    assertThat(wide.units().stream().filter(u -> u.name().endsWith("shortcut")))
        .extracting(ConvUnit::map)
        .startsWith(new GroupConvolution(100, 200, 100, Kernel.POINT, 1))
        .hasSize(4);
    assertThat(firstMaps(imagenet("IGC-L100M2-doubleL+Ident", 18, 224, 224)))
        .isEqualTo(firstMaps(wide));
    assertThat(firstMaps(imagenet("IGC-L100M2-doubleM+Ident", 18, 224, 224)))
        .endsWith(new IgcConvolution(100, 8, 16, Kernel.SPATIAL, 2));
  }

  private static Architecture imagenet(String name, int depth, int height, int width) {
    return new Architecture(
        NetworkName.parse(name), Body.IMAGENET, depth, 1000, new ImageShape(3, height, width));
  }

  /** The map of the first block of each stage. */
  private static List<LinearMap> firstMaps(Architecture architecture) {
    return architecture.blocks().stream()
        .map(block -> block.units().getFirst())
        .filter(unit -> unit.name().contains(".0."))
        .map(ConvUnit::map)
        .toList();
  }

  @Test
  void imagenetBodyTakesImagesOf32PixelsAndMore() {
    assertThat(imagenet("ResNet-C4", 10, 32, 33).blocks().getLast().output())
        .isEqualTo(new ImageShape(32, 1, 2));
    assertThatThrownBy(() -> imagenet("ResNet-C4", 10, 31, 224))
        .isInstanceOf(UserError.class)
        .hasMessage("the body \"imagenet\" takes images of 32×32 or larger, not of 31×224");
  }

  @Test
  void theWidthOfTheLastStageIsBounded() {
    assertThat(imagenet("ResNet-C1920", 10, 32, 32).head().features()).isEqualTo(15_360);
    assertThatThrownBy(() -> imagenet("ResNet-C1921", 10, 32, 32))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has 1921 channels")
        .hasMessageEndingWith("the widest possible has 1920");
  }

  @Test
  void variationsAreOtherFactors() {
    assertThat(factors("IGC-L24M2-swapped"))
        .containsExactly(
            new Factor("primary", new GroupConvolution(48, 96, 24, Kernel.POINT, 1)),
            new Factor("secondary", new GroupConvolution(96, 96, 4, Kernel.SPATIAL, 2)));
    assertThat(factors("IGC-L24M2-spatial"))
        .containsExactly(
            new Factor("primary", new GroupConvolution(48, 96, 24, Kernel.SPATIAL, 2)),
            new Factor("secondary", new GroupConvolution(96, 96, 4, Kernel.SPATIAL, 1)));
    assertThat(factors("IGC-L24M2-split"))
        .containsExactly(
            new Factor("primary3x1", new GroupConvolution(48, 48, 24, new Kernel(3, 1), 1)),
            new Factor("primary1x3", new GroupConvolution(48, 96, 24, new Kernel(1, 3), 2)),
            new Factor("secondary", new GroupConvolution(96, 96, 4, Kernel.POINT, 1)));
    assertThat(factors("IGC-L24M2-dense"))
        .containsExactly(
            new Factor("primary", new GroupConvolution(48, 96, 24, Kernel.SPATIAL, 2)),
            new Factor("secondary", new GroupConvolution(96, 96, 1, Kernel.POINT, 1)));
    assertThat(factors("IGC-L24M2-narrow2"))
        .containsExactly(
            new Factor("primary", new GroupConvolution(48, 48, 24, Kernel.SPATIAL, 2)),
            new Factor("secondary", new GroupConvolution(48, 96, 2, Kernel.POINT, 1)));
    assertThat(factors("IGC-L6x4M2"))
        .containsExactly(
            new Factor("primary", new GroupConvolution(48, 96, 24, Kernel.SPATIAL, 2)),
            new Factor("secondary", new GroupConvolution(96, 96, 24, Kernel.POINT, 1)),
            new Factor("factor3", new GroupConvolution(96, 96, 16, Kernel.POINT, 1)));
    assertThat(factors("IGC-L24M2-doubleL"))
        .containsExactly(
            new Factor("primary", new GroupConvolution(48, 96, 48, Kernel.SPATIAL, 2)),
            new Factor("secondary", new GroupConvolution(96, 96, 2, Kernel.POINT, 1)));
  }

  /** Of the first block of the second stage. */
  private static List<Factor> factors(String name) {
    return plain(Architecture.cifar(name, 5, 10), 1).factors();
  }

  @Test
  void stepsBetweenTheFactors() {
    assertThat(between("IGC-L24M2-relu"))
        .containsExactly(new Rectify(), new Interleave(24, 2), new Interleave(2, 24));
    assertThat(between("IGC-L24M2-oneway")).containsExactly(new Interleave(24, 2));
    assertThat(between("IGC-L24M2-unpermuted")).isEmpty();
    assertThat(between("IGC-L24M2-dense-relu")).containsExactly(new Rectify());
    assertThat(between("IGC-L24M2-narrow2"))
        .containsExactly(new Interleave(24, 1), new Interleave(1, 48));
    assertThat(between("IGC-L6x4M2"))
        .containsExactly(new Interleave(24, 2), new Interleave(12, 4), new Interleave(8, 6));
  }

  private static List<LinearMap.Step> between(String name) {
    return plain(Architecture.cifar(name, 5, 10), 0).steps().stream()
        .filter(step -> !(step instanceof Factor))
        .toList();
  }

  /** Every tensor of the widest networks must fit an array. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "RegConv-W3840+Ident",
        "IGC-L3840M1",
        "IGC-L1M3840",
        "SumFusion-L1M3840",
        "IGC-L1M3840-spatial",
        "IGC-L1920M2-doubleL-swapped",
        "IGC-L3840M1-dense-swapped"
      })
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
    "ResNet-C64, imagenet, 20, 8n+2, 18 or 26",
    "IGC-L4M32, imagenet, 20, 4n+2, 18 or 22",
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
        .hasMessage("\"round\" is no body; there are stages, flat, imagenet");
  }
}
