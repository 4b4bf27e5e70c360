package org.igcnet.cpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;

/**
 * Which feature maps share an array. A large array takes whole megabytes, and what is left of the
 * last one is lost: maps that share an array lose that once.
 *
 * @param words how long each array is, with {@link Lanes#LEAD}
 * @param places where the maps are, in their order
 */
public record MapPlaces(List<Long> words, List<Place> places) {
  /** Where an array of several maps ends: 32 MB, of which half a megabyte is little. */
  private static final long SHARED = 8 << 20;

  public MapPlaces {
    words = List.copyOf(words);
    places = List.copyOf(places);
  }

  /**
   * A place of maps.
   *
   * @param array the number of the array
   * @param start the first of their words in it
   */
  public record Place(int array, long start) {}

  /** Puts the maps of all images one after the other; those that are larger stand alone. */
  public static MapPlaces of(BatchLayout layout, Precision precision, List<ImageShape> shapes) {
    List<Long> words = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (ImageShape shape : shapes) {
      long more = layout.words(precision, shape);
      if (words.isEmpty() || words.getLast() + more > SHARED) {
        words.add((long) Lanes.LEAD);
      }
      int array = words.size() - 1;
      long start = words.get(array);
      places.add(new Place(array, start));
      words.set(array, start + more);
    }
    return new MapPlaces(words, places);
  }
}
