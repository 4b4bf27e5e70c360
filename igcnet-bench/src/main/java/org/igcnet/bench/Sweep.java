package org.igcnet.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.arch.Body;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Inference;
import org.igcnet.bench.Contender.OfNetwork;
import org.igcnet.bench.Contender.Training;
import org.igcnet.bench.Row.Gauge;
import org.igcnet.bench.Suite.Heat;
import org.igcnet.theory.NetworkCost;
import org.igcnet.theory.PaperTables;

/**
 * Every network of the paper beside IGC-L24M2, both ours: a shape that leaves much more of the
 * machine unused than that is a hole in the engine.
 */
final class Sweep {
  /** The least share of the peak wanted, of that of IGC-L24M2. */
  private static final double FLOOR = 0.5;

  /** Images in a step. */
  private static final int BATCH = 64;

  /** Images in a step of large networks, those of Tables 6 and 7: 64 take many seconds. */
  private static final int SMALL_BATCH = 16;

  /** Multiply-adds an image from which a network is large. */
  private static final long LARGE = 1_000_000_000;

  private static final Net REFERENCE = Net.cifar("IGC-L24M2", 20);

  /** Processes that hold a network at a time, but for the reference's. */
  private static final int TOGETHER = 4;

  private Sweep() {}

  /** All heats: training of every network, then inference. */
  static List<Heat> heats(int threads) {
    return Stream.concat(
            heats(
                "train", "training", net -> new Training(Engine.IGCNET, net, images(net), threads)),
            heats(
                "infer",
                "inference",
                net -> new Inference(Engine.IGCNET, net, images(net), threads)))
        .toList();
  }

  private static Stream<Heat> heats(String verb, String noun, Function<Net, OfNetwork> contender) {
    List<Row> rows = nets().map(net -> row(verb, noun, net, contender)).toList();
    return IntStream.iterate(0, from -> from < rows.size(), from -> from + TOGETHER)
        .mapToObj(from -> new Heat(rows.subList(from, Math.min(from + TOGETHER, rows.size()))));
  }

  /** Gauge 3, which has the blocks of Table 1; Tables 3 and 4; 5; 6; 7. */
  private static Stream<Net> nets() {
    Stream<Net> figure3 =
        PaperTables.table1().stream()
            .map(PaperTables.Table1Row::block)
            .map(
                block ->
                    "IGC-L%dM%d".formatted(block.primaryPartitions(), block.secondaryPartitions()))
            .map(name -> new Net(name, Body.FLAT, 8, 100, 32));
    Stream<Net> tables3And4 =
        Stream.of("SumFusion-L4M8", "RegConv-W16", "RegConv-W18", "IGC-L4M8")
            .map(name -> Net.cifar(name, 20));
    Stream<Net> table5 =
        PaperTables.TABLE_3_NETWORKS.stream().map(name -> Net.cifar(name + "+Ident", 50));
    Stream<Net> table6 = PaperTables.table6().stream().map(row -> Net.of(row.architecture()));
    Stream<Net> table7 = PaperTables.table7().stream().map(row -> Net.of(row.architecture()));
    return Stream.of(figure3, tables3And4, table5, table6, table7).flatMap(nets -> nets);
  }

  private static int images(Net net) {
    long multiplyAdds = NetworkCost.of(net.architecture()).multiplyAdds();
    return multiplyAdds < LARGE ? BATCH : SMALL_BATCH;
  }

  private static Row row(String verb, String noun, Net net, Function<Net, OfNetwork> contender) {
    OfNetwork ours = contender.apply(net);
    return new Row(
        "%s-%s-%s-d%d"
            .formatted(verb, net.body().id(), net.name().toLowerCase(Locale.ROOT), net.depth()),
        "%s %s, %d images, beside %s".formatted(noun, net, ours.images(), REFERENCE.name()),
        ours,
        List.of(contender.apply(REFERENCE)),
        FLOOR,
        Gauge.MULTIPLY_ADDS);
  }
}
