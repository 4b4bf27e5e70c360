package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
          new Family.Igc(l, m), new Family.SumFusion(l, m), new Family.RegConv(l * m)
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
  })
  void namesAreReadAsPeopleWriteThem(String text, String printed) {
    assertThat(NetworkName.parse(text)).hasToString(printed);
  }

  @Test
  void identityMappingsAreASuffix() {
    assertThat(NetworkName.parse("regconv-w16+ident"))
        .isEqualTo(new NetworkName(new Family.RegConv(16), true));
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
      strings = {"", "ResNet-18", "IGC", "IGC-L24", "IGC-L24M2x", "RegConv-L4M8", "IGC-L٣M2"})
  void unknownFamiliesAreRefusedWithThoseThatThereAre(String text) {
    assertThatThrownBy(() -> NetworkName.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "\"%s\" is no network's name; names are RegConv-Wc, SumFusion-LlMm and IGC-LlMm, each also with +Ident, for example IGC-L24M2"
                .formatted(text));
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
