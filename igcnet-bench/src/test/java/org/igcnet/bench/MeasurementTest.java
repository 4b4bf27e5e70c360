package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Inference;
import org.igcnet.bench.Contender.OfNetwork;
import org.igcnet.bench.Contender.Training;
import org.igcnet.bench.Row.Gauge;
import org.igcnet.bench.Suite.Heat;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final Net NET = Net.cifar("IGC-L2M2", 5);
  private static final Effort LEAST = new Effort(1, 2, 0, 0, 0.01);

  @Test
  void everyEngineTakesItsTurns() {
    Row training =
        row(Training::new, Engine.LIBTORCH, Engine.LIBTORCH_CHANNELS_LAST, Engine.LIBTORCH_WIDE);
    Row inference = row(Inference::new, Engine.ONNX_RUNTIME, Engine.ONNX_RUNTIME_PAPER);
    Heat heat = new Heat(List.of(training, inference));
    Measurement measurement = Measurement.of(heat.contenders(), LEAST, _ -> {});
    assertThat(measurement.turns()).containsOnlyKeys(heat.contenders());
    assertThat(measurement.turns().values()).allSatisfy(turns -> assertThat(turns).hasSize(2));

    Report report = Report.of(Map.of(heat, measurement));
    Report.RowResult line = report.rows().getFirst();
    assertThat(line.ratio()).isEqualTo(line.ours() / line.peer());
    assertThat(line.lowerQuartile()).isPositive().isLessThanOrEqualTo(line.upperQuartile());
    assertThat(line.peerContender()).startsWith("libtorch");
    double peak = report.machine().limits().values().iterator().next().gigaMultiplyAddsPerSecond();
    assertThat(report.contenders())
        .hasSize(7)
        .allSatisfy(
            speed -> {
              assertThat(speed.imagesPerSecond())
                  .isBetween(speed.lowerQuartile(), speed.upperQuartile());
              assertThat(speed.shareOfPeak())
                  .isPositive()
                  .isCloseTo(speed.gigaMultiplyAddsPerSecond() / peak, withinPercentage(0.01));
              assertThat(speed.shareOfRoofline()).isGreaterThan(speed.shareOfPeak() * 0.9);
            });
    assertThat(report.machine().limits()).containsOnlyKeys(1);
    assertThat(report.table().lines()).hasSizeGreaterThan(8).noneMatch(l -> l.contains("NaN"));
  }

  @Test
  void eachOfTwoNeighboursFollowsTheOtherAsOften() {
    List<String> all = List.of("ours", "older", "peer", "peak");
    List<List<String>> rounds =
        IntStream.range(0, 4).mapToObj(round -> Measurement.inTurn(all, round)).toList();
    assertThat(rounds)
        .containsExactly(
            List.of("ours", "older", "peer", "peak"),
            List.of("ours", "peak", "peer", "older"),
            List.of("peer", "peak", "ours", "older"),
            List.of("peer", "older", "ours", "peak"));
  }

  @Test
  void aProcessThatBreaksOffIsNamed() {
    Contender impossible = new Training(Engine.ONNX_RUNTIME, Net.cifar("RegConv-W2", 5), 2, 1);
    assertThatThrownBy(() -> new WorkerProcess(impossible).run(0))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "the process that measures \"ONNX Runtime training RegConv-W2 D=5, 1 thread\" broke off");
  }

  /** What makes a contender. */
  private interface Maker {
    OfNetwork make(Engine engine, Net net, int images, int threads);
  }

  private static Row row(Maker maker, Engine... peers) {
    return new Row(
        "id",
        "what",
        maker.make(Engine.IGCNET, NET, 4, 1),
        Stream.of(peers).map(engine -> maker.make(engine, NET, 4, 1)).toList(),
        1,
        Gauge.IMAGES_PER_SECOND);
  }
}
