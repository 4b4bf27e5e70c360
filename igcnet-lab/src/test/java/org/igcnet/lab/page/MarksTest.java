package org.igcnet.lab.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.igcnet.lab.page.Marks.Place;
import org.junit.jupiter.api.Test;

class MarksTest {
  @Test
  void marksOfOnePlaceReachOutFromUnderEachOther() {
    Place here = new Place(40, 30);
    assertThat(Marks.radii(List.of(here, here, here))).containsExactly(11, 8, 5);
    assertThat(Marks.radii(List.of(here, new Place(100, 30), here))).containsExactly(8, 5, 5);
    assertThat(Marks.radii(List.of(here, new Place(42, 30)))).containsExactly(6, 5);
    assertThat(Marks.radii(List.of(here, new Place(43, 30)))).containsExactly(5, 5);
  }

  @Property(tries = 200)
  void ofNoTwoDoesTheLaterHideTheEarlier(
      @ForAll @Size(min = 2, max = 12) List<@IntRange(max = 20) Integer> along) {
    List<Place> places = along.stream().map(x -> new Place(x, 0)).toList();
    double[] radii = Marks.radii(places);
    for (int later = 1; later < radii.length; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        double apart = Math.abs(along.get(earlier) - along.get(later));
        assertThat(apart + radii[earlier]).isGreaterThanOrEqualTo(radii[later] + 3 - 1e-9);
      }
    }
  }

  @Test
  void pointsOfOnePlaceAreAllSeen() {
    Axis axis = Axis.around("x", new double[] {0, 10});
    List<Points.Point> points =
        List.of(point(0, 5, false), point(1, 5, true), point(5, 5, false), point(2, 9, false));
    String svg = new Points("points", axis, axis, points, Points.Join.NONE).svg();
    assertThat(svg)
        .containsPattern("<circle class=\"mark\"[^>]* r=\"11\"/>")
        .containsPattern("<rect class=\"mark hollow\"[^>]* width=\"14.4\"")
        .containsPattern("<circle class=\"mark\"[^>]* r=\"5\"/>");
  }

  private static Points.Point point(int series, double at, boolean hollow) {
    Series of = new Series(series, 6, "series " + series);
    return new Points.Point(of, at, at, Optional.of(1.0), "a point", hollow);
  }
}
