package org.igcnet.arch;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NetworkNameTest {
  @Property
  void igcNamesPrintAndParseBothWays(
      @ForAll @IntRange(min = 1, max = 128) int l, @ForAll @IntRange(min = 1, max = 128) int m) {
    NetworkName name = new NetworkName(new Family.Igc(l, m), false);
    assertThat(NetworkName.parse(name.toString())).isEqualTo(name);
  }

  @Test
  void identityMappingsAreASuffix() {
    assertThat(NetworkName.parse("regconv-w16+ident"))
        .isEqualTo(new NetworkName(new Family.RegConv(16), true))
        .hasToString("RegConv-W16+Ident");
  }
}
