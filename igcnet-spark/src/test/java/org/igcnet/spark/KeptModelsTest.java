package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.igcnet.model.Model;
import org.junit.jupiter.api.Test;

class KeptModelsTest {
  private final Model model = Models.small(1);
  private final KeptModels kept = new KeptModels();

  private Model read() {
    return model;
  }

  private void useOnce(String sha256) {
    kept.use(sha256, this::read).close();
  }

  @Test
  void allUsersShareOneModelAndItStaysForLater() {
    try (KeptModels.Use one = kept.use("a", this::read);
        KeptModels.Use two = kept.use("a", this::read)) {
      assertThat(one.scorer()).isSameAs(two.scorer());
    }
    useOnce("a");
    assertThat(kept.loads()).isEqualTo(1);
    assertThat(kept.size()).isEqualTo(1);
  }

  @Test
  void theOneThatWasUsedLongestAgoGoesWhereThereAreTooMany() {
    for (int i = 0; i < KeptModels.MOST; i++) {
      useOnce("model " + i);
    }
    useOnce("model 0");
    useOnce("one more");
    assertThat(kept.size()).isEqualTo(KeptModels.MOST);
    int before = kept.loads();
    useOnce("model 0");
    assertThat(kept.loads()).isEqualTo(before);
    useOnce("model 1");
    assertThat(kept.loads()).isEqualTo(before + 1);
  }

  @Test
  void oneThatIsInUseStaysHoweverManyThereAre() {
    try (KeptModels.Use first = kept.use("first", this::read)) {
      for (int i = 0; i < 2 * KeptModels.MOST; i++) {
        useOnce("model " + i);
      }
      assertThat(kept.size()).isEqualTo(KeptModels.MOST);
      try (KeptModels.Use again = kept.use("first", this::read)) {
        assertThat(again.scorer()).isSameAs(first.scorer());
      }
    }
  }
}
