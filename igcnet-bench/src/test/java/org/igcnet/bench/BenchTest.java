package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpShowsAnExample() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: igcnet bench", "igcnet bench --quick");
  }

  @Test
  void aRowThatDoesNotExistIsRefusedWithThoseThatDo() {
    assertThat(run("--only", "train-vgg")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("igcnet: no row's name contains \"train-vgg\"; there are train-igc-l24m2, ")
        .endsWith("Try 'igcnet bench --help'.%n".formatted());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theSweepHasRowsOfItsOwn() {
    assertThat(run("--sweep", "--only", "against")).isEqualTo(2);
    assertThat(err.toString()).contains("there are train-flat-igc-l1m23-d8, ");
  }

  @Test
  void aNumberOfThreadsOutOfRangeIsRefused() {
    assertThat(run("--threads", "0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("igcnet: --threads is 0; it must be from 1 to 1024");
  }

  private int run(String... arguments) {
    return Bench.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
