package org.igcnet.arch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.igcnet.UserError;

/**
 * A network's name as the paper writes it: {@code IGC-L24M2}, {@code RegConv-W16+Ident}.
 *
 * @param family what its blocks are
 * @param identity whether identity mappings join pairs of blocks ({@code +Ident})
 */
public record NetworkName(Family family, boolean identity) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:RegConv-W(?<width>-?\\d+)|(?<kind>IGC|SumFusion)-L(?<l>-?\\d+)M(?<m>-?\\d+))"
              + "(?<identity>\\s*\\+\\s*Ident\\.?)?",
          Pattern.CASE_INSENSITIVE);

  /**
   * Reads a name; upper and lower case are the same.
   *
   * @throws UserError where it is none, or its numbers make no network
   */
  public static NetworkName parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new UserError(
          "\"%s\" is no network's name; names are RegConv-Wc, SumFusion-LlMm and IGC-LlMm, each also with +Ident, for example IGC-L24M2"
              .formatted(text));
    }
    return new NetworkName(family(form), form.group("identity") != null);
  }

  private static Family family(Matcher form) {
    String width = form.group("width");
    if (width != null) {
      return new Family.RegConv(number(width));
    }
    int l = number(form.group("l"));
    int m = number(form.group("m"));
    return form.group("kind").equalsIgnoreCase("IGC")
        ? new Family.Igc(l, m)
        : new Family.SumFusion(l, m);
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
    return identity ? family.name() + "+Ident" : family.name();
  }
}
