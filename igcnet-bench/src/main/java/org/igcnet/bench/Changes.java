package org.igcnet.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.bench.Report.Beside;
import org.igcnet.bench.Report.Machine;
import org.igcnet.bench.Report.RowResult;

/**
 * Two reports beside each other, row by row. What is compared is a row's ratio to its peer in the
 * same run, as machines and their days differ; {@code --json} prints it as it stands.
 *
 * @param before where the earlier report was measured
 * @param now where the later one was
 * @param rows those of both
 * @param gone names of rows that only the earlier one has
 * @param come names of rows that only the later one has
 */
record Changes(
    Machine before, Machine now, List<Change> rows, List<String> gone, List<String> come) {

  /**
   * A row of both.
   *
   * @param id the row's name
   * @param before ours beside the peer's in the earlier report
   * @param now ours beside the peer's in the later report
   * @param change the later ratio over the earlier one
   * @param verdict what that is beside the spread
   */
  record Change(String id, Beside before, Beside now, double change, Verdict verdict) {
    static Change of(RowResult before, RowResult now) {
      Beside then = before.besidePeer();
      Beside since = now.besidePeer();
      return new Change(
          now.id(), then, since, since.ratio() / then.ratio(), Verdict.of(then, since));
    }
  }

  /** A row has changed where the quartiles of its ratios lie apart. */
  enum Verdict {
    FASTER,
    SLOWER,
    SAME;

    static Verdict of(Beside before, Beside now) {
      if (now.lowerQuartile() > before.upperQuartile()) {
        return FASTER;
      }
      return now.upperQuartile() < before.lowerQuartile() ? SLOWER : SAME;
    }
  }

  /** Puts two reports beside each other, in the order of the later one's rows. */
  static Changes between(Report before, Report now) {
    Map<String, RowResult> earlier = byId(before);
    Map<String, RowResult> later = byId(now);
    List<Change> both = new ArrayList<>();
    later.forEach(
        (id, row) -> {
          RowResult then = earlier.get(id);
          if (then != null) {
            both.add(Change.of(then, row));
          }
        });
    return new Changes(
        before.machine(), now.machine(), both, without(earlier, later), without(later, earlier));
  }

  /** The names of those rows that others have not. */
  private static List<String> without(Map<String, RowResult> rows, Map<String, RowResult> others) {
    return rows.keySet().stream().filter(id -> !others.containsKey(id)).toList();
  }

  private static Map<String, RowResult> byId(Report report) {
    return report.rows().stream()
        .collect(
            Collectors.toMap(
                RowResult::id, Function.identity(), (first, _) -> first, LinkedHashMap::new));
  }

  /** For people. */
  String table() {
    Stream<String> changes =
        rows.stream()
            .map(
                row ->
                    "%-40s %24s %24s %6.2f× %s"
                        .formatted(
                            row.id,
                            ratio(row.before),
                            ratio(row.now),
                            row.change,
                            word(row.verdict))
                        .stripTrailing());
    Stream<String> others =
        Stream.of(
                gone.isEmpty() ? "" : "only before: " + String.join(", ", gone),
                come.isEmpty() ? "" : "only now: " + String.join(", ", come))
            .filter(line -> !line.isEmpty());
    return Stream.of(
            Stream.of(
                "%-40s %24s %24s %7s".formatted("ours beside the peer", "before", "now", "change")),
            changes,
            others,
            Stream.of("", "before: " + before, "now:    " + now))
        .flatMap(Function.identity())
        .collect(Collectors.joining("\n"));
  }

  private static String ratio(Beside beside) {
    return "%.2f× (%.2f to %.2f)"
        .formatted(beside.ratio(), beside.lowerQuartile(), beside.upperQuartile());
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case FASTER -> "faster";
      case SLOWER -> "slower";
      case SAME -> "";
    };
  }
}
