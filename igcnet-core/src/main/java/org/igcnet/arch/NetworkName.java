package org.igcnet.arch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.igcnet.UserError;

/**
 * A network's name as the paper writes it: {@code IGC-L24M2}, {@code RegConv-W16+Ident}, {@code
 * ResNet-C64}; or with {@linkplain Variation words} for what differs: {@code
 * IGC-L24M2-spatial+Ident}.
 *
 * @param family what its blocks are
 * @param identity whether identity mappings join pairs of blocks ({@code +Ident})
 */
public record NetworkName(Family family, boolean identity) {
  /** Above the longest that makes a network: four factors of L, six words and +Ident. */
  private static final int LONGEST = 120;

  private static final Pattern FORM =
      Pattern.compile(
          """
          (?:RegConv-W(?<width>-?[0-9]+)
            |ResNet-C(?<channels>-?[0-9]+)
            |SumFusion-L(?<branches>-?[0-9]+)M(?<branch>-?[0-9]+)
            |IGC-L(?<l>-?[0-9]+(?:x-?[0-9]+)*)M(?<m>-?[0-9]+)(?<words>(?:-[a-z]+[0-9]*)*))
          (?<identity>\\s*\\+\\s*Ident\\.?)?
          """,
          Pattern.CASE_INSENSITIVE | Pattern.COMMENTS);

  /**
   * Takes the two as they are.
   *
   * @throws IllegalArgumentException where a ResNet is to have no identity mappings
   */
  public NetworkName {
    if (family instanceof Family.ResNet && !identity) {
      throw new IllegalArgumentException("a ResNet has identity mappings");
    }
  }

  /**
   * Reads a name; upper and lower case are the same.
   *
   * @param text the name; blanks around it do not count
   * @return the network's name
   * @throws UserError where it is none, or its numbers make no network
   */
  public static NetworkName parse(String text) {
    if (text.length() > LONGEST) {
      throw new UserError(
          "\"%s…\" is no network's name: it has %,d characters, and names have at most %d"
              .formatted(text.substring(0, LONGEST), text.length(), LONGEST));
    }
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new UserError(
          "\"%s\" is no network's name; names are RegConv-Wc, SumFusion-LlMm and IGC-LlMm, each also with +Ident, and ResNet-Cc, for example IGC-L24M2"
              .formatted(text));
    }
    Family family = family(form);
    return new NetworkName(
        family, form.group("identity") != null || family instanceof Family.ResNet);
  }

  private static Family family(Matcher form) {
    if (form.group("width") != null) {
      return new Family.RegConv(number(form.group("width")));
    }
    if (form.group("channels") != null) {
      return new Family.ResNet(number(form.group("channels")));
    }
    if (form.group("branches") != null) {
      return new Family.SumFusion(number(form.group("branches")), number(form.group("branch")));
    }
    List<Integer> factors =
        Stream.of(form.group("l").toLowerCase(Locale.ROOT).split("x", -1))
            .map(NetworkName::number)
            .toList();
    return new Family.Igc(factors, number(form.group("m")), Variation.parse(form.group("words")));
  }

  private static int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException tooLong) {
      int nearest = digits.startsWith("-") ? 1 : Limits.WIDTH;
      throw new UserError(
          "%s is no number of channels or partitions; the nearest possible is %d"
              .formatted(digits, nearest),
          tooLong);
    }
  }

  @Override
  public String toString() {
    boolean said = identity && !(family instanceof Family.ResNet);
    return said ? family.name() + "+Ident" : family.name();
  }
}
