package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Body;
import org.igcnet.backend.Precision;
import org.igcnet.theory.BlockWidth;
import org.igcnet.theory.PaperTables;
import org.igcnet.theory.PaperTables.Table1Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"figure3", "table4", "table5", "table6", "table7"})
  void everyNetworkCanBeBuilt(String name) {
    Experiment experiment = Experiment.named(name);
    assertThat(experiment.name()).isEqualTo(name).isIn(Experiment.BUILT_IN);
    assumeTrue(
        Arrays.stream(Body.values()).anyMatch(body -> body.id().equals(experiment.body())),
        () -> "no body \"%s\" yet".formatted(experiment.body()));
    for (Cell cell : experiment.cells()) {
      assertThat(cell.architecture().network()).hasToString(cell.network());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "table4, cifar10, 8, IGC-L24M2, ACCURACY, 90.31 ± 0.39",
    "table4, cifar10, 20, SumFusion-L4M8, ACCURACY, 88.71 ± 0.46",
    "table4, cifar100, 62, RegConv-W18, ACCURACY, 58.52 ± 2.31",
    "table5, cifar10, 74, RegConv-W16+Ident, ACCURACY, 94.66 ± 0.30",
    "table5, cifar100, 98, IGC-L24M2+Ident, ACCURACY, 76.15 ± 0.50",
    "table6, imagenet, 18, IGC-L100M2+Ident, ERROR, 26.95",
    "table6, imagenet, 18, ResNet-C69, TOP5_ERROR, 10.77",
    "table6, imagenet, 18, IGC-L16M16+Ident, TRAINING_ERROR, 19.97",
    "table7, cifar100, 20, IGC-L32M26, ERROR, 18.75",
    "table7, svhn, 20, IGC-L32M26, ERROR, 1.56",
    "figure3, cifar100, 8, IGC-L40M2, ACCURACY, 63.89",
    "figure3, cifar100, 8, IGC-L64M1, ACCURACY, 63.07",
  })
  void thePrintedFiguresAreThePapers(
      String name, String data, int depth, String network, Measure measure, String printed) {
    Experiment experiment = Experiment.named(name);
    assertThat(experiment.printed(cell(experiment, data, depth, network), measure))
        .hasToString("Optional[%s]".formatted(printed));
  }

  @Test
  void whatThePaperDoesNotPrintIsNoFigure() {
    Experiment figure3 = Experiment.named("figure3");
    assertThat(figure3.printed(cell(figure3, "cifar100", 8, "IGC-L1M23"), Measure.ACCURACY))
        .isEmpty();
    Experiment table7 = Experiment.named("table7");
    assertThat(table7.printed(cell(table7, "svhn", 20, "IGC-L450M2"), Measure.ERROR)).isEmpty();
  }

  @Test
  void printedSizesOfTable3AndTable1ComeOut() {
    for (String name : List.of("table4", "figure3")) {
      List<Results.Size> sizes =
          Results.of(Experiment.named(name), Scope.ALL, List.of(), folder).cells().stream()
              .flatMap(outcome -> outcome.sizes().stream())
              .toList();
      assertThat(sizes).hasSize(name.equals("table4") ? 32 : 20);
      assertThat(sizes).filteredOn(size -> !size.equal()).isEmpty();
    }
  }

  @Test
  void figure3HasThePartitionsOfTable1() {
    Set<BlockWidth> blocks =
        PaperTables.table1().stream().map(Table1Row::block).collect(Collectors.toSet());
    Set<String> names =
        blocks.stream()
            .map(b -> "IGC-L%dM%d".formatted(b.primaryPartitions(), b.secondaryPartitions()))
            .collect(Collectors.toSet());
    assertThat(Set.copyOf(Experiment.named("figure3").networkNames())).isEqualTo(names);
  }

  @Test
  void cellsGoByDataThenDepthThenNetwork() {
    assertThat(Experiment.named("table4").cells())
        .hasSize(40)
        .extracting(Cell::toString)
        .startsWith("SumFusion-L4M8, depth 8, cifar10", "RegConv-W16, depth 8, cifar10")
        .endsWith("IGC-L24M2, depth 62, cifar100");
  }

  @ParameterizedTest
  @CsvSource({
    "table4, '1/2,3/4,7/8'",
    "table5, '1/2,3/4,7/8'",
    "table6, '6/19,12/19,18/19'",
    "table7, '1/2,3/4,7/8'",
    "figure3, '1/2,3/4,7/8'",
  })
  void aShorterTrainingKeepsThePapersSchedule(String name, String steps) {
    Scope short4 =
        new Scope(Optional.of(4), 1, List.of(), List.of(), Optional.empty(), Precision.FLOAT32);
    assertThat(Experiment.named(name).data())
        .extracting(data -> data.recipe().recipe(short4, false, 1).schedule().decline().toString())
        .containsOnly(steps);
  }

  @Test
  void aPrintedFigureKeepsItsDigits() {
    Printed printed = Printed.parse("90.30 ± 0.25").orElseThrow();
    assertThat(printed.mean()).isEqualTo(new BigDecimal("90.30"));
    assertThat(printed.deviation()).isEqualTo(Optional.of(new BigDecimal("0.25")));
    assertThat(Printed.parse("")).isEmpty();
    assertThatThrownBy(() -> Printed.parse("90,3"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("90,3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "version": 1            | "version": 2              | version 2
          "igcnet-experiment"     | "igcnet-run"              | no file of the format
          "name": "table4"        | "name": "../table4"       | is no experiment's name
          "depths": [8,           | "depths": [20,            | all different
          "SumFusion-L4M8", "Reg  | "Reg                      | 5 values for 4 networks
          "data": "cifar10", "dep | "data": "cifar11", "dep   | cifar11 at depth 8
          84.94 ± 0.40            | 84.94 +- 0.40             | no printed figure
          "epochs": 400           | "epochs": 300             | does not say when the learning rate
          "version": 1            | "version": 100000000000000000000 | has no version
          "pixels": 32            | "pixels": 0               | with a height and width of 0 pixels
          "pixels": 32            | "pixels": 4097            | from 1 to 4,096
          "values": ["", "0.075" | "values": ["", "1 ± 2" | has a deviation
          "values": ["", "0.075" | "values": [null, "0.075" | is refused
          "notes":                | "nodes": [], "notes":     | nodes
          "ACCURACY"              | "LUCK"                    | LUCK
          """)
  void aDamagedFileIsRefused(String what, String with, String reason) throws IOException {
    String text = text("table4.json");
    assertThat(text).contains(what);
    int at = text.indexOf(what);
    Path file = folder.resolve("damaged.json");
    Files.writeString(file, text.substring(0, at) + with + text.substring(at + what.length()));
    assertThatThrownBy(() -> Experiment.named(file.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("damaged.json")
        .hasMessageContaining(reason);
  }

  @Test
  void aFileOfOnesOwnIsRead() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, text("table5.json").replace("\"table5\"", "\"mine\""));
    assertThat(Experiment.named(file.toString()).name()).isEqualTo("mine");
  }

  @Test
  void aNetworkThatCannotBeBuiltIsNamed() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, text("table5.json").replace("IGC-L4M8+Ident", "IGC-L0M8+Ident"));
    Experiment experiment = Experiment.named(file.toString());
    Cell cell = cell(experiment, "cifar10", 50, "IGC-L0M8+Ident");
    assertThatThrownBy(cell::architecture)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("table5 has the network IGC-L0M8+Ident of depth 50");
  }

  @Test
  void whatTheExperimentDoesNotHaveIsRefused() {
    Experiment table4 = Experiment.named("table4");
    Scope depth =
        new Scope(Optional.empty(), 1, List.of(9), List.of(), Optional.empty(), Precision.FLOAT32);
    assertThatThrownBy(() -> depth.requireIn(table4)).hasMessageContaining("[8, 20, 38, 62]");
    Scope network =
        new Scope(
            Optional.empty(),
            1,
            List.of(),
            List.of("IGC-L1M1"),
            Optional.empty(),
            Precision.FLOAT32);
    assertThatThrownBy(() -> network.requireIn(table4)).hasMessageContaining("IGC-L24M2");
  }

  private static Cell cell(Experiment experiment, String data, int depth, String network) {
    return Stream.of(experiment)
        .flatMap(e -> e.cells().stream())
        .filter(cell -> cell.data().kind().equals(data) && cell.depth() == depth)
        .filter(cell -> cell.network().equals(network))
        .findFirst()
        .orElseThrow();
  }

  private static String text(String file) throws IOException {
    try (var in = Objects.requireNonNull(Experiment.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
