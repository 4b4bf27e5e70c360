package org.igcnet.cpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.plan.MapPlaces.Place;
import org.junit.jupiter.api.Test;

class MapPlacesTest {
  @Property
  void mapsFillTheirArraysOneAfterTheOther(
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 600) Integer> channels,
      @ForAll @IntRange(min = 1, max = 64) int images,
      @ForAll Precision precision) {
    BatchLayout layout = BatchLayout.of(images, images);
    List<ImageShape> shapes = channels.stream().map(c -> new ImageShape(c, 32, 31)).toList();
    MapPlaces places = MapPlaces.of(layout, precision, shapes);
    long end = 0;
    int array = -1;
    for (int i = 0; i < shapes.size(); i++) {
      Place place = places.places().get(i);
      if (place.array() != array) {
        assertThat(end).isEqualTo(array < 0 ? 0 : places.words().get(array));
        assertThat(place).isEqualTo(new Place(++array, Lanes.LEAD));
        end = Lanes.LEAD;
      }
      assertThat(place.start()).isEqualTo(end);
      end += layout.words(precision, shapes.get(i));
    }
    assertThat(places.words()).hasSize(array + 1);
    assertThat(end).isEqualTo(array < 0 ? 0 : places.words().getLast());
  }

  @Test
  void littleIsLostBesideMaps() {
    Fusion fusion = Fusion.of(Architecture.cifar("IGC-L24M2", 20, 10));
    BatchLayout layout = BatchLayout.of(64, 64);
    List<ImageShape> maps = Sizes.maps(fusion);
    long needed = maps.stream().mapToLong(map -> 4 * layout.words(Precision.BF16, map)).sum();
    long taken =
        MapPlaces.of(layout, Precision.BF16, maps).words().stream()
            .mapToLong(MemoryPlan::floats)
            .sum();
    assertThat(taken).isBetween(needed, needed + needed / 25);
  }
}
