package org.igcnet.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a heat's contenders did.
 *
 * @param turns of each contender, those of one index next to each other in time
 * @param disturbance cores that contenders used while it was another's turn, on average
 */
record Measurement(Map<Contender, List<Samples>> turns, double disturbance) {
  /** Seconds of warming up after which is looked whether steps got shorter. */
  private static final double SLICE = 1;

  /** A share of the shortest duration so far that counts as no shorter. */
  private static final double STEADY = 0.97;

  /** Lets contenders take turns, in another order each round. */
  static Measurement of(List<Contender> contenders, Effort effort, Consumer<String> progress) {
    Map<Contender, List<Samples>> turns = new LinkedHashMap<>();
    Duration disturbed = Duration.ZERO;
    long measured = 0;
    for (int launch = 0; launch < effort.launches(); launch++) {
      List<WorkerProcess> workers = new ArrayList<>();
      try {
        for (Contender contender : contenders) {
          workers.add(new WorkerProcess(contender));
        }
        for (WorkerProcess worker : workers) {
          progress.accept(worker.contender().toString());
          warmUp(worker, effort);
        }
        for (int round = 0; round < effort.rounds(); round++) {
          progress.accept("round %d of %d".formatted(round + 1, effort.rounds()));
          for (WorkerProcess worker : inTurn(workers, launch * effort.rounds() + round)) {
            Duration before = cpuTime(workers, worker);
            long begin = System.nanoTime();
            Samples turn = worker.run(effort.turn(worker.contender()));
            turns.computeIfAbsent(worker.contender(), _ -> new ArrayList<>()).add(turn);
            measured += System.nanoTime() - begin;
            disturbed = disturbed.plus(cpuTime(workers, worker)).minus(before);
          }
        }
      } finally {
        workers.forEach(WorkerProcess::close);
      }
    }
    return new Measurement(turns, (double) disturbed.toNanos() / measured);
  }

  /**
   * The order of a round: each begins another time, and every other round goes backwards, so that
   * of two neighbours each follows the other as often.
   *
   * @param round from 0
   */
  static <T> List<T> inTurn(List<T> all, int round) {
    List<T> order = new ArrayList<>(all);
    Collections.rotate(order, -round);
    return round % 2 == 0 ? order : order.reversed();
  }

  /** Runs until steps get no shorter: a compiler may need longer than one expects. */
  private static void warmUp(WorkerProcess worker, Effort effort) {
    double spent = effort.warmUp(worker.contender());
    double shortest = worker.run(spent).median();
    boolean shorter = true;
    while (shorter && spent < effort.longestWarmUp(worker.contender())) {
      double median = worker.run(SLICE).median();
      shorter = median < STEADY * shortest;
      shortest = Math.min(shortest, median);
      spent += SLICE;
    }
  }

  /** Processor time of all but one. */
  private static Duration cpuTime(List<WorkerProcess> workers, WorkerProcess without) {
    return workers.stream()
        .filter(worker -> worker != without)
        .map(WorkerProcess::cpuTime)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Every step of a contender. */
  Samples all(Contender contender) {
    return Samples.joined(turns.getOrDefault(contender, List.of()));
  }
}
