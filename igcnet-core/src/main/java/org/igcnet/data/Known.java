package org.igcnet.data;

import java.util.List;
import java.util.Optional;

/**
 * What is known of pictures before they are looked at.
 *
 * @param classes those that there may be, in the order of their labels; else what is found
 * @param listing the very files that there were; needs the classes
 */
record Known(Optional<List<String>> classes, Optional<List<ListedFile>> listing) {
  static final Known NOTHING = new Known(Optional.empty(), Optional.empty());

  private static final int FEW = 10;

  static Known classes(List<String> classes) {
    return new Known(Optional.of(classes), Optional.empty());
  }

  /** For people, and not all where there are many. */
  static String words(List<String> classes) {
    String first = String.join(", ", classes.subList(0, Math.min(FEW, classes.size())));
    return classes.size() <= FEW ? first : "%s and %,d more".formatted(first, classes.size() - FEW);
  }
}
