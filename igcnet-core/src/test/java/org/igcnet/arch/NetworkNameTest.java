package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkNameTest {
  @Property
  void namesPrintAndParseBothWays(
      @ForAll @IntRange(min = 1, max = 61) int l,
      @ForAll @IntRange(min = 1, max = 61) int m,
      @ForAll boolean identity) {
    for (Family family :
        new Family[] {
          new Family.Igc(l, m),
          new Family.Igc(List.of(l, m), 1, Variation.NONE),
          new Family.SumFusion(l, m),
          new Family.RegConv(l * m)
        }) {
      NetworkName name = new NetworkName(family, identity);
      assertThat(NetworkName.parse(name.toString())).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "regconv-w16, RegConv-W16",
    "REGCONV-W18+IDENT, RegConv-W18+Ident",
    "' IGC-l24m2 + Ident. ', IGC-L24M2+Ident",
    "sumfusion-L4M8, SumFusion-L4M8",
    "IGC-L1M7, IGC-L1M7",
    "IGC-L7M1+Ident, IGC-L7M1+Ident",
    "resnet-c64, ResNet-C64",
    "ResNet-C64+Ident, ResNet-C64",
    "igc-l6X4m2, IGC-L6x4M2",
    "IGC-L24M2-RELU-Swapped+Ident., IGC-L24M2-swapped-relu+Ident",
    "IGC-L24M2-doublel-NARROW2-spatial, IGC-L24M2-spatial-narrow2-doubleL",
    "IGC-L24M2-doublem, IGC-L24M2-doubleM",
    "IGC-L24M2-dense, IGC-L24M2-dense",
    "IGC-L24M2-split-oneway, IGC-L24M2-split-oneway",
    "IGC-L24M2-oneway-SE+ident, IGC-L24M2-se-oneway+Ident",
    "IGC-L4x3x2M2-unpermuted, IGC-L4x3x2M2-unpermuted",
    "IGC-L24M2-narrow1, IGC-L24M2",
  })
  void namesAreReadAsPeopleWriteThem(String text, String printed) {
    assertThat(NetworkName.parse(text)).hasToString(printed);
  }

  @Test
  void identityMappingsAreASuffix() {
    assertThat(NetworkName.parse("regconv-w16+ident"))
        .isEqualTo(new NetworkName(new Family.RegConv(16), true));
  }

  @Test
  void residualNetworksHaveIdentityMappings() {
    assertThat(NetworkName.parse("ResNet-C69"))
        .isEqualTo(new NetworkName(new Family.ResNet(69), true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IGC-L24M2-rleu            | "-rleu"      | swapped, spatial, split, dense, narrowN, relu, se, oneway, unpermuted, doubleL and doubleM
          IGC-L24M2-narrow          | "-narrow"    | narrowN
          IGC-L24M2-narrow3         | -narrow3     | M = 2; M has to be a multiple
          IGC-L24M2-narrow0         | N of narrowN | is 0; the nearest possible is 1
          IGC-L24M2-swapped-split   | "-split"     | leave one of them away
          IGC-L24M2-relu-relu       | "-relu"      | leave one of them away
          IGC-L24M2-se-se           | "-se"        | leave one of them away
          IGC-L24M2-dense-oneway    | -oneway      | leave one of them away
          IGC-L6x4M2-dense          | L6x4         | write L24
          IGC-L24M3-doubleL         | -doubleL     | nearest possible is 4
          IGC-L2x2x2x2x2M2          | 1 to 4       | not of 5
          IGC-L6x0M2                | L, the       | is 0
          IGC-L3840x2M1             | L, the       | is 2
          IGC-L6x-4M2               | L, the       | is -4
          ResNet-C0                 | ResNet-Cc    | is 0
          """)
  void impossibleVariationsAreRefusedWithWhatIsPossible(String text, String named, String right) {
    assertThatThrownBy(() -> NetworkName.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(named)
        .hasMessageContaining(right);
  }

  @ParameterizedTest
  @CsvSource({
    "IGC-L0M2, L, 0, 1",
    "IGC-L24M0, M, 0, 1",
    "IGC-L-3M2, L, -3, 1",
    "IGC-L3841M1, L, 3841, 3840",
    "IGC-L1M99999, M, 99999, 3840",
    "IGC-L62M62, L·M, 3844, 3840",
    "IGC-L3840M3840, L·M, 14745600, 3840",
    "RegConv-W0, RegConv-Wc, 0, 1",
    "RegConv-W2147483647, RegConv-Wc, 2147483647, 3840",
    "RegConv-W99999999999999999999, channels, 99999999999999999999, 3840",
    "RegConv-W-99999999999999999999, channels, -99999999999999999999, 1",
    "SumFusion-L0M8, L, 0, 1",
    "SumFusion-L4M-1, M, -1, 1",
    "SumFusion-L100M100, L·M, 10000, 3840",
  })
  void impossibleNumbersAreRefusedByNameAndValue(
      String text, String named, String value, String nearest) {
    assertThatThrownBy(() -> NetworkName.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(named)
        .hasMessageContaining(value)
        .hasMessageEndingWith("the nearest possible is " + nearest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ResNet-18",
        "IGC",
        "IGC-L24",
        "IGC-L24M2x",
        "IGC-L24M2-",
        "IGC-L6x4x",
        "IGC-L6xM2",
        "RegConv-L4M8",
        "RegConv-W16-relu",
        "IGC-L٣M2"
      })
  void unknownFamiliesAreRefusedWithThoseThatThereAre(String text) {
    assertThatThrownBy(() -> NetworkName.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "\"%s\" is no network's name; names are RegConv-Wc, SumFusion-LlMm and IGC-LlMm, each also with +Ident, and ResNet-Cc, for example IGC-L24M2"
                .formatted(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-relu", "x2", " "})
  void aNameWithoutEndIsRefusedAtItsLength(String part) {
    String text = "IGC-L2" + part.repeat(2_000);
    assertThatThrownBy(() -> NetworkName.parse(text + "M2"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "\"%s…\" is no network's name: it has %,d characters, and names have at most 120"
                .formatted(text.substring(0, 120), text.length() + 2));
  }

  @Test
  void theLongestNameIsRead() {
    String longest = "IGC-L1x1x2x960M2-spatial-narrow2-relu-se-unpermuted-doubleM+Ident";
    assertThat(NetworkName.parse(longest)).hasToString(longest);
  }

  @Property
  void anyTextIsAUsersMistakeAtWorst(@ForAll @StringLength(max = 30) String text) {
    try {
      assertThat(NetworkName.parse(text)).isNotNull();
    } catch (UserError refused) {
      assertThat(refused).hasMessageContaining(text);
    }
  }
}
