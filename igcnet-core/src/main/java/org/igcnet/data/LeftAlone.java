package org.igcnet.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Things of one kind that lie where data are and are not used.
 *
 * @param thing what one of them is
 * @param which what they have in common; may be empty
 * @param count how many there are
 * @param example the first of them, from the data's folder
 */
public record LeftAlone(String thing, String which, long count, String example) {
  private record Kind(String thing, String which) {}

  static LeftAlone one(String thing, String which, String example) {
    return new LeftAlone(thing, which, 1, example);
  }

  /** Those of the same kind together, in the order in which the kinds come first. */
  static List<LeftAlone> sum(List<LeftAlone> all) {
    Map<Kind, LeftAlone> kinds = new LinkedHashMap<>();
    for (LeftAlone some : all) {
      kinds.merge(new Kind(some.thing, some.which), some, LeftAlone::plus);
    }
    return new ArrayList<>(kinds.values());
  }

  private LeftAlone plus(LeftAlone more) {
    return new LeftAlone(thing, which, count + more.count, example);
  }

  /** For people: {@code 3 .heic files (cat/1.heic, …)}. */
  @Override
  public String toString() {
    return "%,d %s%s%s (%s%s)"
        .formatted(
            count,
            thing,
            count == 1 ? "" : "s",
            which.isEmpty() ? "" : " " + which,
            example,
            count == 1 ? "" : ", …");
  }
}
