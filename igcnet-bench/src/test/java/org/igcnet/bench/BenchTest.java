package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.igcnet.cli.Console;
import org.igcnet.cli.Igcnet;
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
        .endsWith("Try 'igcnet bench --help'.\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theSweepHasRowsOfItsOwn() {
    assertThat(run("--sweep", "--only", "against")).isEqualTo(2);
    assertThat(err.toString()).contains("there are train-flat-igc-l1m23-d8, ");
  }

  @Test
  void whatIsOfMeasuringIsRefusedWhereNothingIsMeasured() {
    assertThat(run("--compare", "a.json", "b.json", "--quick")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "igcnet: --compare measures nothing, so --only, --sweep, --quick and --against are not for it\n");
  }

  @Test
  void aNumberOfThreadsOutOfRangeIsRefused() {
    assertThat(run("--threads", "0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("igcnet: --threads is 0; it must be from 1 to 1,024");
  }

  @Test
  void aValueOfTheWrongKindIsToldAsEverywhere() {
    assertThat(run("--threads", "many")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "igcnet: --threads takes a whole number, not \"many\"\nTry 'igcnet bench --help'.\n");
  }

  @Test
  void whatATerminalWouldObeyIsShown() {
    assertThat(run("--only", "\u001b[2J")).isEqualTo(2);
    assertThat(err.toString()).startsWith("igcnet: no row's name contains \"\\u001b[2J\"; there ");
  }

  @Test
  void anOlderBuildThatIsNoneIsRefusedBeforeAnythingIsMeasured() {
    assertThat(run("--against", "no-such.jar")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "igcnet: no-such.jar cannot be read: it does not exist; it must be the igcnet-bench.jar of a build\n");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    Console console = new Console(out, err, () -> 0);
    String[] all = Stream.concat(Stream.of("bench"), Stream.of(arguments)).toArray(String[]::new);
    return Igcnet.run(console, List.of(new Bench(console)), all);
  }
}
