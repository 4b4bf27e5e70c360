package org.igcnet.bench;

import org.igcnet.bench.Contender.Engine;

/**
 * How much time is spent on measuring.
 *
 * @param launches times that each contender's process is started anew, as no two runs of a JIT
 *     compile the same
 * @param rounds turns of each contender in one launch
 * @param warmUp seconds before the first turn of our engine, at least
 * @param longestWarmUp seconds after which that begins though steps still get shorter
 * @param turn seconds of a network's turn
 */
record Effort(int launches, int rounds, double warmUp, double longestWarmUp, double turn) {
  /** Some four minutes for everything. */
  static final Effort QUICK = new Effort(1, 3, 3, 9, 0.5);

  /** About twenty minutes. */
  static final Effort FULL = new Effort(3, 5, 8, 30, 1);

  private static final double MACHINE_WARM_UP = 0.4;
  private static final double MACHINE_TURN = 0.2;

  /** Seconds before a contender's first turn. Only ours has to be compiled first. */
  double warmUp(Contender contender) {
    return switch (contender) {
      case Contender.OfNetwork network -> network.engine() == Engine.IGCNET ? warmUp : turn;
      case Contender.Peak _, Contender.Bandwidth _ -> MACHINE_WARM_UP;
    };
  }

  /** Seconds that a contender may warm up until its steps get no shorter. */
  double longestWarmUp(Contender contender) {
    return contender instanceof Contender.OfNetwork network && network.engine() == Engine.IGCNET
        ? longestWarmUp
        : 0;
  }

  /** Seconds of a contender's turn. */
  double turn(Contender contender) {
    return contender instanceof Contender.OfNetwork ? turn : MACHINE_TURN;
  }
}
