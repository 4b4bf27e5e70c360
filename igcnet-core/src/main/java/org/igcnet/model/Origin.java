package org.igcnet.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a model came to be.
 *
 * @param data the training data as the user named it
 * @param epochs epochs done
 * @param accuracy top-1 on the test set after them, in percent
 * @param recipe every number of the training, by name
 * @param versions of the programs that did it, by name
 * @param run the SHA-256 of the run's description, in hexadecimal, if a run folder's training made
 *     it
 * @param listing the SHA-256 of the listing of the files that the data's pictures were in, if they
 *     were pictures
 */
public record Origin(
    String data,
    int epochs,
    double accuracy,
    Map<String, Object> recipe,
    Map<String, String> versions,
    Optional<String> run,
    Optional<String> listing) {
  /**
   * Copies what was written down.
   *
   * @throws IllegalArgumentException where no training has such epochs, or such an accuracy
   */
  public Origin {
    if (epochs < 0 || !(accuracy >= 0 && accuracy <= 100)) {
      throw new IllegalArgumentException(
          "%d epochs and an accuracy of %s percent cannot be".formatted(epochs, accuracy));
    }
    recipe = Collections.unmodifiableMap(new LinkedHashMap<>(recipe));
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
  }

  /** {@return the versions of this program and of the Java that runs it} */
  public static Map<String, String> runningVersions() {
    Map<String, String> versions = new LinkedHashMap<>();
    String own = Origin.class.getPackage().getImplementationVersion();
    versions.put("igcnet", Optional.ofNullable(own).orElse("development"));
    versions.put("java", Runtime.version().toString());
    return versions;
  }
}
