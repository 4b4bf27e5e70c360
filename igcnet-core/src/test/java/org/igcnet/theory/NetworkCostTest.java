package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;

import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkCostTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "RegConv-W16",
        "SumFusion-L4M8",
        "IGC-L24M2",
        "IGC-L1M5",
        "IGC-L5M1",
        "IGC-L4M8+Ident",
        "IGC-L4M8-se+Ident"
      })
  void parametersAreTheCountedOnesOfTheArchitecture(String name) {
    Architecture architecture = Architecture.cifar(name, 20, 10);
    long counted =
        architecture.parameters().stream()
            .filter(parameter -> parameter.role().counted())
            .mapToLong(Parameter::size)
            .sum();
    assertThat(NetworkCost.of(architecture).parameters()).isEqualTo(counted);
  }

  /** Blocks of 48, 96 and 192 channels, squeezed to 3, 6 and 12; each weight is used once. */
  @Test
  void squeezeAndExcitationHasTwoSmallMaps() {
    NetworkCost plain = NetworkCost.of(Architecture.cifar("IGC-L24M2", 8, 10));
    NetworkCost excited = NetworkCost.of(Architecture.cifar("IGC-L24M2-se", 8, 10));
    int weights = 2 * 2 * (48 * 3 + 96 * 6 + 192 * 12);
    assertThat(excited.parameters() - plain.parameters()).isEqualTo(weights);
    assertThat(excited.multiplyAdds() - plain.multiplyAdds()).isEqualTo(weights);
    assertThat(excited.layers().subList(3, 5))
        .extracting(LayerCost::name)
        .containsExactly("stage1.0.se.squeeze", "stage1.0.se.excite");
  }

  @Test
  void layersInTheOrderInWhichTheyRun() {
    NetworkCost cost = NetworkCost.of(Architecture.cifar("IGC-L24M2", 5, 10));
    assertThat(cost.layers())
        .extracting(LayerCost::name)
        .containsExactly(
            "stem.conv",
            "stage1.0.primary",
            "stage1.0.secondary",
            "stage2.0.primary",
            "stage2.0.secondary",
            "stage3.0.primary",
            "stage3.0.secondary",
            "fc");
    LayerCost primary = cost.layers().get(3);
    assertThat(primary.kind()).isEqualTo("primary");
    assertThat(primary.input()).isEqualTo(new ImageShape(48, 32, 32));
    assertThat(primary.output()).isEqualTo(new ImageShape(96, 16, 16));
    assertThat(primary.parameters()).isEqualTo(24 * 2 * 4 * 9);
    assertThat(primary.multiplyAdds()).isEqualTo(24 * 2 * 4 * 9 * 256);
    LayerCost last = cost.layers().getLast();
    assertThat(last.parameters()).isEqualTo(192 * 10 + 10);
    assertThat(last.multiplyAdds()).isEqualTo(192 * 10);
  }

  @Test
  void identityMappingsAddTheirProjections() {
    NetworkCost cost = NetworkCost.of(Architecture.cifar("IGC-L4M8+Ident", 8, 10));
    LayerCost shortcut =
        cost.layers().stream()
            .filter(layer -> layer.name().equals("stage2.0.shortcut.conv"))
            .findFirst()
            .orElseThrow();
    assertThat(shortcut.parameters()).isEqualTo(4 * 8 * 16);
    assertThat(shortcut.multiplyAdds()).isEqualTo(4 * 8 * 16 * 256);
  }

  /** Table 3: "nearly the same with RegConv-W16". */
  @Test
  void summationFusionCountsAllItsBranches() {
    NetworkCost cost = NetworkCost.of(Architecture.cifar("SumFusion-L4M8", 8, 10));
    LayerCost branches = cost.layers().get(1);
    assertThat(branches.kind()).isEqualTo("branches");
    assertThat(branches.parameters()).isEqualTo(4 * 9 * 8 * 8);
    assertThat(branches.output()).isEqualTo(new ImageShape(32, 32, 32));
    double regular = NetworkCost.of(Architecture.cifar("RegConv-W16", 8, 10)).parameters();
    assertThat(cost.parameters() / regular).isBetween(0.95, 1.05);
  }

  @Test
  void flatBodyOfFigure3() {
    Architecture flat =
        new Architecture(NetworkName.parse("IGC-L28M3"), Body.FLAT, 8, 100, ImageShape.CIFAR);
    long stem = 27 * 84;
    long blocks = 6 * 4620;
    assertThat(NetworkCost.of(flat).parameters()).isEqualTo(stem + blocks + 84 * 100 + 100);
    assertThat(NetworkCost.of(flat).multiplyAdds()).isEqualTo((stem + blocks) * 1024 + 84 * 100);
  }
}
