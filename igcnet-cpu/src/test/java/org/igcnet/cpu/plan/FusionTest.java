package org.igcnet.cpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.plan.Fused.Pool;
import org.igcnet.cpu.plan.Fused.Unit;
import org.igcnet.cpu.plan.GradientPlan.Input;
import org.igcnet.cpu.plan.GradientPlan.Places;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FusionTest {
  @Test
  void aTrunkRunsAfterWhatIsAddedToIt() {
    Fusion fusion = Fusion.of(Architecture.cifar("RegConv-W4+Ident", 8, 10));
    assertThat(fusion.units().stream().map(Unit::name))
        .containsExactly(
            "stem",
            "stage1.0.first",
            "stage1.0.second",
            "stage2.0.first",
            "stage2.0.shortcut",
            "stage2.0.second",
            "stage3.0.first",
            "stage3.0.shortcut",
            "stage3.0.second");
    Unit second = fusion.units().get(2);
    assertThat(second.input()).isEqualTo("stage1.0.first.relu");
    assertThat(second.shortcut()).contains("stem.relu");
    assertThat(second.rectified()).isTrue();
    assertThat(second.output()).isEqualTo("stage1.0.second.relu");
    Unit projection = fusion.units().get(4);
    assertThat(projection.output()).isEqualTo("stage2.0.shortcut.bn");
    assertThat(projection.rectified()).isFalse();
    assertThat(fusion.units().get(5).shortcut()).contains(projection.output());
    assertThat(fusion.readers()).containsEntry("stage1.0.second.relu", 2);
    assertThat(fusion.readers()).doesNotContainKey("fc");
    assertThat(fusion.classifier().head().classes()).isEqualTo(10);
  }

  /** Only equation 5 as it stands is one link; whatever departs from it has one a convolution. */
  @ParameterizedTest
  @CsvSource({
    "IGC-L4M8, 1",
    "RegConv-W16, 1",
    "SumFusion-L4M8, 1",
    "IGC-L4M8-oneway, 2",
    "IGC-L4M8-unpermuted, 2",
    "IGC-L4M8-relu, 2",
    "IGC-L4M8-spatial, 2",
    "IGC-L4M8-swapped, 2",
    "IGC-L4M8-dense, 2",
    "IGC-L4M8-narrow2, 2",
    "IGC-L4M8-split, 3",
    "IGC-L6x4M2, 3",
  })
  void aBlocksLinks(String name, int links) {
    Unit block = Fusion.of(Architecture.cifar(name, 5, 10)).units().get(1);
    assertThat(Link.of(block)).hasSize(links);
  }

  @Test
  void aLinkHasBothConvolutionsOfAnIgcBlock() {
    Unit block = Fusion.of(Architecture.cifar("IGC-L4M8", 5, 10)).units().get(2);
    Link link = Link.of(block).getFirst();
    assertThat(link.unit()).isEqualTo("stage2.0");
    assertThat(link.primary().groups()).isEqualTo(4);
    assertThat(link.secondary().orElseThrow().groups()).isEqualTo(16);
    assertThat(link.weights()).isEqualTo(64 * 8 * 9 + 64 * 4);
    assertThat(link.input()).isEqualTo(new ImageShape(32, 32, 32));
    assertThat(link.output()).isEqualTo(new ImageShape(64, 16, 16));
  }

  @Test
  void branchesAreOneConvolution() {
    Link link =
        Link.of(Fusion.of(Architecture.cifar("SumFusion-L4M8", 5, 10)).units().get(1)).getFirst();
    assertThat(link.first().branches()).isEqualTo(4);
    assertThat(link.first().operation().convolution().outputChannels()).isEqualTo(32);
    assertThat(link.primary().outputChannels()).isEqualTo(8);
    assertThat(link.output()).isEqualTo(new ImageShape(8, 32, 32));
  }

  @Test
  void thePoolOfTheImageNetBodyStandsAlone() {
    Architecture architecture =
        new Architecture(
            NetworkName.parse("ResNet-C4"),
            Body.parse("imagenet"),
            10,
            3,
            new ImageShape(3, 64, 64));
    assertThat(Fusion.of(architecture).steps().get(1))
        .isInstanceOfSatisfying(
            Pool.class,
            pool -> {
              assertThat(pool.from()).isEqualTo(new ImageShape(4, 32, 32));
              assertThat(pool.to()).isEqualTo(new ImageShape(4, 16, 16));
            });
  }

  @Test
  void aChainKeepsTwoGradients() {
    GradientPlan plan =
        GradientPlan.of(Fusion.of(Architecture.cifar("RegConv-W4", 5, 10)), Precision.FLOAT32);
    assertThat(plan.slots())
        .as("each as large as the largest that it holds: those of stages 3 and 1, 2 and the stem")
        .containsExactly(new ImageShape(4, 32, 32), new ImageShape(4, 32, 32));
  }

  @Test
  void aShortcutsGradientIsItsSumsInThePlaceWhereThatStands() {
    Fusion fusion = Fusion.of(Architecture.cifar("RegConv-W4+Ident", 8, 10));
    GradientPlan plan = GradientPlan.of(fusion, Precision.FLOAT32);
    Places second = plan.of("stage1.0.second.relu");
    Places first = plan.of("stage1.0.first.relu");
    assertThat(second.input()).contains(new Input(first.output(), Optional.empty(), true));
    assertThat(first.input())
        .contains(new Input(second.output(), Optional.of(second.output()), true));
    assertThat(plan.of("stem.relu"))
        .isEqualTo(new Places(second.output(), List.of(), Optional.empty()));
  }

  @Test
  void aProjectionLeavesTheRestToTheBlocksFirstUnit() {
    Fusion fusion = Fusion.of(Architecture.cifar("RegConv-W4+Ident", 8, 10));
    GradientPlan plan = GradientPlan.of(fusion, Precision.FLOAT32);
    Places second = plan.of("stage2.0.second.relu");
    Places projection = plan.of("stage2.0.shortcut.bn");
    Places first = plan.of("stage2.0.first.relu");
    assertThat(projection.output()).isEqualTo(second.output());
    Input part = projection.input().orElseThrow();
    assertThat(part.complete()).isFalse();
    assertThat(part.addend()).isEmpty();
    assertThat(first.input()).contains(new Input(part.slot(), Optional.of(part.slot()), true));
    assertThat(List.of(second.output(), part.slot(), first.output())).doesNotHaveDuplicates();
  }

  /** However long a product is, two gradients are enough: that which is read and the next. */
  @Test
  void betweenLinksSlotsAreUsedAgain() {
    Fusion fusion = Fusion.of(Architecture.cifar("IGC-L4M8-split", 5, 10));
    GradientPlan plan = GradientPlan.of(fusion, Precision.FLOAT32);
    assertThat(plan.slots()).hasSize(2);
    Places block = plan.of("stage3.0.relu");
    assertThat(block.between()).hasSize(2).doesNotHaveDuplicates();
    assertThat(block.between().getLast()).isNotEqualTo(block.output());
  }
}
