package org.igcnet.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.cpu.train.CpuTraining;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
  private static final Architecture NETWORK = Architecture.cifar("RegConv-W4", 5, 3);

  @Test
  void ownEngineIsFoundByName() {
    Setup setup = Setup.alone(NETWORK, 4, 4, Optimiser.of(0.9, 1e-4));
    try (TrainingSession session = Compute.of("igc", "cpu", 1).training(setup)) {
      assertThat(session).isInstanceOf(CpuTraining.class);
      assertThat(session.architecture()).isEqualTo(NETWORK);
    }
  }

  @Test
  void unknownEnginesAndDevicesAreRefusedByName() {
    assertThatThrownBy(() -> Compute.of("tensorflow", "cpu", 1))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "there is no engine \"tensorflow\" on the class path, only igc; igc comes with the module igcnet-cpu, torch with igcnet-torch, as docs/torch.md says");
    assertThatThrownBy(() -> Compute.of("igc", "cuda", 1))
        .isInstanceOf(UserError.class)
        .hasMessage("the engine igc has no device \"cuda\", only cpu");
  }
}
