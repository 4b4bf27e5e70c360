package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndpointTest {
  @Test
  void pathsLeadToWhatTheyName() {
    assertThat(Endpoint.at("/")).contains(Endpoint.PAGE);
    assertThat(Endpoint.at("/v2")).contains(Endpoint.SERVER);
    assertThat(Endpoint.at("/v2/")).contains(Endpoint.SERVER);
    assertThat(Endpoint.at("/v2/models/a/infer")).contains(Endpoint.INFER);
    assertThat(Endpoint.INFER.model("/v2/models/a/infer")).contains("a");
    assertThat(Endpoint.METRICS.model("/metrics")).isEmpty();
    for (String nothing : new String[] {"", "/v2/models", "/v2/models/a/b/infer", "/V2"}) {
      assertThat(Endpoint.at(nothing)).as(nothing).isEmpty();
    }
  }

  @Test
  void whatIsReadMayBeAskedForWithoutItsBody() {
    assertThat(Endpoint.LIVE.allows("HEAD")).isTrue();
    assertThat(Endpoint.CLASSIFY.allows("HEAD")).isFalse();
    assertThat(Endpoint.CLASSIFY.allowed()).isEqualTo("POST");
    assertThat(Endpoint.PAGE.allowed()).isEqualTo("GET, HEAD");
  }
}
