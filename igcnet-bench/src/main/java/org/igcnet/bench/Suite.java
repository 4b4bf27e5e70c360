package org.igcnet.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.backend.Precision;
import org.igcnet.bench.Contender.Bandwidth;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Inference;
import org.igcnet.bench.Contender.Peak;
import org.igcnet.bench.Contender.Training;
import org.igcnet.bench.Row.Gauge;

/** Everything that is compared, in heats: contenders of one heat take turns. */
final class Suite {
  private static final int BATCH = 64;
  private static final Net FINE = Net.cifar("IGC-L24M2", 20);
  private static final Net COARSE = Net.cifar("IGC-L4M8", 20);
  private static final Net REGULAR = Net.cifar("RegConv-W16", 20);
  private static final Net DEEP = Net.cifar("IGC-L24M2+Ident", 50);

  private Suite() {}

  /**
   * Rows that are measured together.
   *
   * @param rows at least one
   */
  record Heat(List<Row> rows) {
    /** Those of the rows, then the machine's limits for the same numbers of threads. */
    List<Contender> contenders() {
      List<Contender> networks = rows.stream().flatMap(Row::contenders).distinct().toList();
      Stream<Contender> limits =
          networks.stream()
              .map(Contender::threads)
              .distinct()
              .flatMap(threads -> Stream.of(new Peak(threads), new Bandwidth(threads)));
      return Stream.concat(networks.stream(), limits).toList();
    }
  }

  /** All heats, with {@code threads} threads where nothing else is said. */
  static List<Heat> heats(int threads) {
    return List.of(
        new Heat(
            List.of(
                training("train-igc-l24m2", FINE, 4, threads),
                training("train-regconv-w16", REGULAR, 0.8, threads),
                new Row(
                    "train-igc-over-regconv",
                    "training IGC-L24M2 over our RegConv-W16",
                    train(Engine.IGCNET, FINE, threads),
                    List.of(train(Engine.IGCNET, REGULAR, threads)),
                    0.85,
                    Gauge.IMAGES_PER_SECOND),
                rounded("train-bf16-igc-l24m2", FINE, threads),
                rounded("train-bf16-regconv-w16", REGULAR, threads),
                new Row(
                    "train-threads",
                    "training IGC-L24M2, %d threads over 1".formatted(threads),
                    train(Engine.IGCNET, FINE, threads),
                    List.of(train(Engine.IGCNET, FINE, 1)),
                    0.9 * threads,
                    Gauge.IMAGES_PER_SECOND))),
        new Heat(List.of(training("train-igc-l4m8", COARSE, 2.7, threads))),
        new Heat(
            List.of(
                training("train-igc-l24m2-ident", DEEP, 3.8, threads),
                rounded("train-bf16-igc-l24m2-ident", DEEP, threads))),
        new Heat(
            List.of(
                inference("infer-igc-l24m2", FINE, BATCH, 3.2, Gauge.IMAGES_PER_SECOND, threads),
                inference("infer-regconv-w16", REGULAR, BATCH, 1, Gauge.IMAGES_PER_SECOND, threads),
                new Row(
                    "infer-igc-over-regconv",
                    "inference IGC-L24M2 over our RegConv-W16, 64 images",
                    infer(Engine.IGCNET, FINE, BATCH, threads),
                    List.of(infer(Engine.IGCNET, REGULAR, BATCH, threads)),
                    1.1,
                    Gauge.IMAGES_PER_SECOND))),
        new Heat(
            List.of(
                inference("one-igc-l24m2-median", FINE, 1, 2, Gauge.MEDIAN_MILLISECONDS, threads),
                inference("one-igc-l24m2-p99", FINE, 1, 2, Gauge.SLOW_MILLISECONDS, threads))));
  }

  private static Row training(String id, Net net, double floor, int threads) {
    return new Row(
        id,
        "training %s against libtorch".formatted(net),
        train(Engine.IGCNET, net, threads),
        List.of(
            train(Engine.LIBTORCH, net, threads),
            train(Engine.LIBTORCH_CHANNELS_LAST, net, threads),
            train(Engine.LIBTORCH_WIDE, net, threads)),
        floor,
        Gauge.IMAGES_PER_SECOND);
  }

  /** What 16-bit maps gain. */
  private static Row rounded(String id, Net net, int threads) {
    return new Row(
        id,
        "training %s, 16-bit maps over 32-bit".formatted(net),
        train(Engine.IGCNET, net, threads),
        List.of(new Training(Engine.IGCNET, net, BATCH, threads, Optional.of(Precision.FLOAT32))),
        1,
        Gauge.IMAGES_PER_SECOND);
  }

  private static Training train(Engine engine, Net net, int threads) {
    return new Training(engine, net, BATCH, threads);
  }

  private static Row inference(
      String id, Net net, int images, double floor, Gauge figure, int threads) {
    String what =
        switch (figure) {
          case IMAGES_PER_SECOND, MULTIPLY_ADDS -> "%d images".formatted(images);
          case MEDIAN_MILLISECONDS -> "one image, median";
          case SLOW_MILLISECONDS -> "one image, 99th percentile";
        };
    return new Row(
        id,
        "inference %s, %s, against ONNX Runtime".formatted(net.name(), what),
        infer(Engine.IGCNET, net, images, threads),
        List.of(
            infer(Engine.ONNX_RUNTIME, net, images, threads),
            infer(Engine.ONNX_RUNTIME_PAPER, net, images, threads)),
        floor,
        figure);
  }

  private static Inference infer(Engine engine, Net net, int images, int threads) {
    return new Inference(engine, net, images, threads);
  }
}
