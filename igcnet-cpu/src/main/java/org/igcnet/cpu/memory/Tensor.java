package org.igcnet.cpu.memory;

import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Maps;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.MapPlaces;
import org.igcnet.cpu.plan.MapPlaces.Place;

/**
 * Feature maps of a whole batch, {@code [block][row][channel]} rows of {@link Maps}, in one stretch
 * of an array. Rows come before channels because passes take strips of rows: a strip of all
 * channels is one stretch of memory, which the processor fetches ahead, and its channels share no
 * cache sets.
 *
 * @param maps the values, and those of other tensors
 * @param start where its own begin
 * @param precision how they are kept
 * @param shape of an image's maps
 */
public record Tensor(Maps maps, int start, Precision precision, ImageShape shape) {
  /** Tensors of zeros for all images of a batch, one of each shape. */
  public static List<Tensor> allocate(
      BatchLayout layout, Precision precision, List<ImageShape> shapes) {
    MapPlaces places = MapPlaces.of(layout, precision, shapes);
    List<Maps> arrays =
        places.words().stream()
            .map(words -> MemoryPlan.length(words, "the feature maps of one layer"))
            .map(words -> Maps.of(precision, words))
            .toList();
    return IntStream.range(0, shapes.size())
        .mapToObj(
            i -> {
              Place place = places.places().get(i);
              return new Tensor(
                  arrays.get(place.array()), (int) place.start(), precision, shapes.get(i));
            })
        .toList();
  }

  /** Another shape in the same memory, which must hold as much. */
  public Tensor as(ImageShape other) {
    return new Tensor(maps, start, precision, other);
  }

  /** Where a row of a channel of a block begins. */
  public int index(int block, int row, int channel) {
    return start + (block * shape.height() + row) * rowStep() + channel * channelStep();
  }

  /** Words between two rows of a channel. */
  public int rowStep() {
    return shape.channels() * channelStep();
  }

  /** Words between two channels of a row, which are those of one row. */
  public int channelStep() {
    return Maps.row(precision, shape.width());
  }
}
