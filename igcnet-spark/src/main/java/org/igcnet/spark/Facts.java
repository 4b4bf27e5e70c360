package org.igcnet.spark;

import java.util.List;
import java.util.Map;
import org.igcnet.UserError;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.files.JsonDocument;
import org.igcnet.model.Origin;

/**
 * What each worker tells all others before the first step. But for the address all of it has to be
 * the same everywhere, or the bits would differ.
 *
 * @param address of the worker's {@link Door}
 * @param lanes images that the engine computes side by side, on which the last bits of sums depend
 * @param java the feature version of Java
 * @param program the version of this program
 * @param run SHA-256 of all files of the run that it begins with
 */
record Facts(String address, int lanes, int java, String program, String run) {
  /**
   * {@return those of this worker}
   *
   * @param address of its door
   * @param run SHA-256 of the files that it begins with
   */
  static Facts here(String address, String run) {
    Map<String, String> versions = Origin.runningVersions();
    return new Facts(
        address,
        Backend.named(Compute.OWN).lanes().orElse(1),
        Runtime.version().feature(),
        versions.getOrDefault("igcnet", "unknown"),
        run);
  }

  String line() {
    return JsonDocument.line(this);
  }

  static Facts read(String line) {
    return JsonDocument.read("what a worker told", line, Facts.class);
  }

  /**
   * Compares what all workers told.
   *
   * @throws UserError where two of them would compute different bits
   */
  static void requireSame(List<Facts> all) {
    Facts first = all.getFirst();
    for (Facts other : all) {
      require(first, other, first.lanes == other.lanes, "vectors of %d numbers", Facts::lanes);
      require(first, other, first.java == other.java, "Java %d", Facts::java);
      require(
          first,
          other,
          first.program.equals(other.program),
          "version %s of igcnet",
          Facts::program);
      require(
          first,
          other,
          first.run.equals(other.run),
          "files of the run with SHA-256 %s",
          Facts::run);
    }
  }

  private interface Part {
    Object of(Facts facts);
  }

  private static void require(Facts first, Facts other, boolean same, String what, Part part) {
    if (!same) {
      throw new UserError(
          "the worker at %s has %s, and the one at %s %s; all have to have the same, or their weights would part"
              .formatted(
                  first.address,
                  what.formatted(part.of(first)),
                  other.address,
                  what.formatted(part.of(other))));
    }
  }
}
