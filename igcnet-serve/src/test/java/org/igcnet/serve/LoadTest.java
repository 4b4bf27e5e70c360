package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.igcnet.backend.Compute;
import org.igcnet.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LoadTest {
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void sixteenClientsGetTheLibrarysAnswersAmongBrokenRequests() throws Exception {
    Model model = Models.small();
    try (ModelService service = ModelService.start(model, Load.settings(), Compute.threads(2))) {
      Load load = new Load(model, service.uri());
      load.run(1_000);
      assertThat(load.sound()).isEqualTo(900);
      assertThat(load.spoiled()).isEqualTo(100);
      assertThat(Client.get(service.uri(), "/metrics").body())
          .contains("igcnet_queue_requests 0.0", "igcnet_batch_images_sum 900.0");
    }
  }
}
