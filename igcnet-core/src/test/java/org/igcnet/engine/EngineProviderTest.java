package org.igcnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.junit.jupiter.api.Test;

class EngineProviderTest {
  private static final Architecture NETWORK = Architecture.cifar("RegConv-W4", 5, 3);

  @Test
  void ownEngineIsFoundByName() {
    try (Engine network = Compute.of("igc", "cpu", 1).network(NETWORK, 4, 4)) {
      assertThat(network).isInstanceOf(Network.class);
      assertThat(network.architecture()).isEqualTo(NETWORK);
    }
  }

  @Test
  void unknownEnginesAndDevicesAreRefusedByName() {
    assertThatThrownBy(() -> Compute.of("tensorflow", "cpu", 1))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "there is no engine \"tensorflow\" on the class path, only igc; torch comes with the module igcnet-torch, as docs/torch.md says");
    assertThatThrownBy(() -> Compute.of("igc", "cuda", 1))
        .isInstanceOf(UserError.class)
        .hasMessage("the engine igc has no device \"cuda\", only cpu");
  }
}
