package org.igcnet.bench;

/**
 * How much time is spent on measuring.
 *
 * @param launches times that each contender's process is started anew, as no two runs of a JIT
 *     compile the same
 * @param rounds turns of each contender in one launch
 * @param warmUp seconds before the first turn
 * @param turn seconds of a turn
 */
record Effort(int launches, int rounds, double warmUp, double turn) {
  /** Under three minutes for everything. */
  static final Effort QUICK = new Effort(1, 3, 3, 0.6);

  /** About a quarter of an hour. */
  static final Effort FULL = new Effort(3, 5, 8, 1);

  /** Registers and memory need no warming up but the JIT's. */
  double warmUp(Contender contender) {
    return contender instanceof Contender.OfNetwork ? warmUp : turn;
  }
}
