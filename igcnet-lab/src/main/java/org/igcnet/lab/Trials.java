package org.igcnet.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Splits;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.RunDescription;
import org.igcnet.train.RunDescription.DataFacts;

/**
 * The trainings that an experiment asks for, and the run folders among which they are found.
 *
 * @param all in the order in which they begin
 * @param runs where their runs are
 */
record Trials(List<Trial> all, RunFolders runs) {
  /**
   * Those of an experiment.
   *
   * @param data those of the experiment's data sets that are asked for
   * @param engine what trains
   * @param runs the folder of all runs
   * @throws UserError where the data are not the experiment's, or a network cannot be built
   */
  static Trials of(
      Experiment experiment, Scope scope, List<Splits> data, Backend engine, Path runs) {
    return new Trials(
        trials(experiment, scope, byKind(experiment, data), engine), new RunFolders(runs));
  }

  /**
   * The kinds of data that are asked for.
   *
   * @param data names of data sets
   * @throws UserError where they are not the experiment's
   */
  static Set<String> kinds(Experiment experiment, List<DataSpec> data) {
    Set<String> kinds = new HashSet<>();
    for (DataSpec spec : data) {
      String kind = kind(experiment, spec.toString());
      requireFirst(kinds.add(kind), kind);
    }
    return kinds;
  }

  /** What there is of each. */
  List<Attempt> attempts() {
    List<RecordedRun> there = runs.read();
    return all.stream().map(trial -> Attempt.of(trial, there)).toList();
  }

  /** What there is of one. */
  Attempt attempt(Trial trial) {
    return Attempt.of(trial, runs.read());
  }

  /** Brings home what is elsewhere. */
  void fetch(Workplace workplace) {
    all.forEach(trial -> workplace.fetch(runs.root(), trial.folderName()));
  }

  private static Map<String, Splits> byKind(Experiment experiment, List<Splits> data) {
    Map<String, Splits> byKind = new LinkedHashMap<>();
    for (Splits splits : data) {
      String kind = kind(experiment, splits.spec());
      requireFirst(byKind.put(kind, splits) == null, kind);
    }
    return byKind;
  }

  private static void requireFirst(boolean first, String kind) {
    if (!first) {
      throw new UserError("%s is given twice".formatted(kind));
    }
  }

  /** Which of the experiment's data some are, or else can stand for. */
  private static String kind(Experiment experiment, String spec) {
    String own = Splits.kind(spec);
    List<String> known = experiment.data().stream().map(Experiment.Data::kind).toList();
    return Stream.concat(
            known.stream().filter(own::equals),
            known.stream().filter(kind -> DataSpec.standsFor(own, kind)))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "%s is not about %s; its data are %s"
                        .formatted(experiment.name(), spec, String.join(", ", known))));
  }

  /** Seeds outermost: a table is complete early, with one seed. */
  private static List<Trial> trials(
      Experiment experiment, Scope scope, Map<String, Splits> data, Backend engine) {
    Map<String, DataFacts> facts = new HashMap<>();
    data.forEach((kind, splits) -> facts.put(kind, DataFacts.of(splits)));
    List<Trial> trials = new ArrayList<>();
    for (long seed = 1; seed <= scope.seeds(); seed++) {
      for (Cell cell : experiment.cells()) {
        Splits splits = data.get(cell.data().kind());
        DataFacts known = facts.get(cell.data().kind());
        if (splits != null && known != null && scope.covers(cell)) {
          trials.add(trial(cell, splits, known, scope, seed, engine));
        }
      }
    }
    return List.copyOf(trials);
  }

  private static Trial trial(
      Cell cell, Splits splits, DataFacts facts, Scope scope, long seed, Backend engine) {
    Architecture architecture = cell.architecture(facts.classes().size(), facts.shape());
    return Trial.of(
        cell,
        splits,
        RunDescription.of(
            architecture,
            splits,
            facts,
            cell.data().recipe().recipe(scope, architecture.network().identity(), seed),
            engine));
  }
}
