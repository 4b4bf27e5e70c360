package org.igcnet.lab;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.igcnet.UserError;

/**
 * A figure as the paper prints it.
 *
 * @param mean with the printed digits
 * @param deviation what stands after ±, if anything does
 */
public record Printed(BigDecimal mean, Optional<BigDecimal> deviation) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(?: ± (\\d{1,9}(?:\\.\\d{1,9})?))?");

  /**
   * Reads {@code "90.31 ± 0.39"} or {@code "90.31"}; an empty text is no figure.
   *
   * @throws UserError where it is something else
   */
  public static Optional<Printed> parse(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new UserError(
          "\"%s\" is no printed figure; \"90.31 ± 0.39\", \"90.31\" and \"\" are".formatted(text));
    }
    return Optional.of(
        new Printed(
            new BigDecimal(form.group(1)),
            Optional.ofNullable(form.group(2)).map(BigDecimal::new)));
  }

  @Override
  public String toString() {
    return mean.toPlainString() + deviation.map(value -> " ± " + value.toPlainString()).orElse("");
  }
}
