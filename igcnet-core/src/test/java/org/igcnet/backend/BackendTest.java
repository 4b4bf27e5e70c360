package org.igcnet.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.igcnet.UserError;
import org.junit.jupiter.api.Test;

class BackendTest {
  @Test
  void withoutAnyEngineOneIsRefusedByName() {
    assertThatThrownBy(() -> Backend.named("igc"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "there is no engine \"igc\" on the class path, nor any other; igc comes with the module igcnet-cpu, torch with igcnet-torch, as docs/torch.md says");
  }
}
