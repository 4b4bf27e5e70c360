package org.igcnet.lab.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.igcnet.lab.page.Curves.Curve;
import org.igcnet.lab.page.Curves.Kind;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static final Pattern LEFT = Pattern.compile("class=\"end\">([^<]*)<");
  private static final Pattern BELOW = Pattern.compile("class=\"middle\">([^<]*)<");
  private static final Pattern DASHES =
      Pattern.compile("stroke-dasharray:([0-9 ]+);stroke-dashoffset:(-?[0-9]+)");

  private static Curve curve(int series, boolean dashed, Double... values) {
    return new Curve(new Series(series, 3, "run " + series), "a", dashed, List.of(values));
  }

  private static String svg(Kind kind, Curve... curves) {
    return new Curves("curves", "Values", kind, List.of(curves)).svg();
  }

  private static List<String> found(Pattern pattern, String svg) {
    return pattern.matcher(svg).results().map(match -> match.group(1)).toList();
  }

  @Test
  void epochsAreWholeHoweverFewThereAre() {
    assertThat(found(BELOW, svg(Kind.PERCENT, curve(0, false, 50.0)))).containsExactly("0", "1");
    assertThat(found(BELOW, svg(Kind.PERCENT, curve(0, false, 50.0, 60.0))))
        .containsExactly("1", "2");
    assertThat(found(BELOW, svg(Kind.PERCENT, curve(0, false, 50.0, 60.0, 61.0, 62.0))))
        .containsExactly("1", "2", "3", "4");
  }

  @Test
  void lossesThatSpanDecadesStandOnAnAxisOfRatios() {
    String wide = svg(Kind.LOSS, curve(0, true, 2.3, 0.04, 0.0012), curve(0, false, 2.2, 0.5, 0.4));
    assertThat(found(LEFT, wide)).containsExactly("0.001", "0.01", "0.1", "1");
    assertThat(wide).contains("data-values=\"2.3 0.04 0.0012\"");
    String narrow = svg(Kind.LOSS, curve(0, true, 2.3, 1.1), curve(0, false, 2.2, 0.5));
    assertThat(found(LEFT, narrow)).containsExactly("0.5", "1", "1.5", "2");
    String nothing = svg(Kind.LOSS, curve(0, true, 2.3, 0.0));
    assertThat(found(LEFT, nothing)).containsExactly("0", "1", "2");
    String percent = svg(Kind.PERCENT, curve(0, true, 0.5, 99.0));
    assertThat(found(LEFT, percent)).containsExactly("0", "50", "100");
  }

  @Test
  void marksBesideAnAxisDiffer() {
    String close = svg(Kind.LOSS, curve(0, false, 0.011, 0.0135));
    assertThat(found(LEFT, close)).doesNotHaveDuplicates().contains("0.012", "0.013");
  }

  @Test
  void linesThatLieOnEachOtherTakeTurns() {
    String svg =
        svg(
            Kind.PERCENT,
            curve(0, false, 50.0, 60.0),
            curve(1, false, 50.0, 60.0),
            curve(2, false, 10.0, 20.0),
            curve(0, true, 50.0, 60.0),
            curve(1, true, 50.0, 60.0));
    assertThat(DASHES.matcher(svg).results().map(match -> match.group(1) + "/" + match.group(2)))
        .containsExactly("9 9/0", "9 9/-9", "5 11/0", "5 11/-8");
  }

  @Test
  void aRunOfOneEpochBesideALongerOneIsAMark() {
    String svg =
        svg(Kind.PERCENT, curve(0, false, 50.0, 60.0, 70.0), curve(1, false, 40.0), curve(2, true));
    assertThat(found(Pattern.compile("points=\"([^\"]*)\""), svg)).hasSize(2);
    assertThat(found(Pattern.compile("class=\"(mark[^\"]*)\""), svg)).containsExactly("mark");
  }

  @Test
  void oneEpochIsMarksThatAreAllSeen() {
    String svg = svg(Kind.PERCENT, curve(0, true, 50.0), curve(0, false, 50.0));
    assertThat(svg)
        .containsPattern("<circle class=\"mark hollow\"[^>]* r=\"8\"/>")
        .containsPattern("<circle class=\"mark\"[^>]* r=\"5\"/>");
  }
}
