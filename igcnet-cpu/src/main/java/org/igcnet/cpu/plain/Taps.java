package org.igcnet.cpu.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.arch.Kernel;

/**
 * What a convolution reads for a position, one tap for each place of its kernel. With a stride it
 * reads the positions of some phases: those whose row and column leave the same remainders.
 *
 * @param stride step between neighbouring outputs
 * @param phases those that are read
 * @param taps in the order of the kernel's rows and columns
 */
record Taps(int stride, List<Phase> phases, List<Tap> taps) {
  Taps {
    phases = List.copyOf(phases);
    taps = List.copyOf(taps);
  }

  /** Positions whose row and column leave these remainders by the stride. */
  record Phase(int row, int column) {}

  /**
   * A place of the kernel.
   *
   * @param phase the index of the phase that is read
   * @param rows how far below the output's own position
   * @param columns how far right of it
   */
  record Tap(int phase, int rows, int columns) {}

  static Taps of(Kernel kernel, int stride) {
    List<Phase> phases = new ArrayList<>();
    List<Tap> taps = new ArrayList<>();
    for (int row = -kernel.padRows(); row <= kernel.padRows(); row++) {
      for (int column = -kernel.padColumns(); column <= kernel.padColumns(); column++) {
        Phase phase = new Phase(Math.floorMod(row, stride), Math.floorMod(column, stride));
        if (!phases.contains(phase)) {
          phases.add(phase);
        }
        int rows = Math.floorDiv(row, stride);
        int columns = Math.floorDiv(column, stride);
        taps.add(new Tap(phases.indexOf(phase), rows, columns));
      }
    }
    return new Taps(stride, phases, taps);
  }

  /** Number of taps. */
  int count() {
    return taps.size();
  }

  /** The index of the phase that a tap reads. */
  int phase(int tap) {
    return taps.get(tap).phase();
  }

  /** How far behind the output's own position each tap is in a run. */
  int[] shifts(Grid grid) {
    return taps.stream().mapToInt(tap -> tap.rows() * grid.pitch() + tap.columns()).toArray();
  }

  /** The indices of the taps that read a phase. */
  int[] of(int phase) {
    return IntStream.range(0, count()).filter(k -> taps.get(k).phase() == phase).toArray();
  }

  /** Rows of zeros that it reads above or below an image. */
  int padRows() {
    return taps.stream().mapToInt(tap -> Math.abs(tap.rows())).max().orElse(0);
  }

  /** Zeros that it reads left or right of a row. */
  int padColumns() {
    return taps.stream().mapToInt(tap -> Math.abs(tap.columns())).max().orElse(0);
  }
}
