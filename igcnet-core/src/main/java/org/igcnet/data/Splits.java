package org.igcnet.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.igcnet.UserError;

/**
 * A training set and the test set that belongs to it.
 *
 * @param spec how a user names them
 * @param train what to learn from
 * @param test what to measure with
 */
public record Splits(String spec, Dataset train, Dataset test) {
  private static final String KNOWN =
      "shapes, shapes:SEED, cifar10:DIR, cifar100:DIR and cifar100-coarse:DIR";

  /**
   * Opens the data that {@code spec} names: {@code shapes} (built in), {@code shapes:SEED}, {@code
   * cifar10:DIR}, {@code cifar100:DIR} (100 classes) or {@code cifar100-coarse:DIR} (their 20
   * superclasses).
   *
   * @throws UserError where the name is unknown, or the files are missing or damaged
   */
  public static Splits open(String spec) {
    int colon = spec.indexOf(':');
    String kind = kind(spec);
    String rest = colon < 0 ? "" : spec.substring(colon + 1);
    return switch (kind) {
      case "shapes" -> Shapes.splits(spec, colon < 0 ? 0 : seed(spec, rest));
      case "cifar10" -> Cifar.TEN.splits(spec, folder(spec, rest));
      case "cifar100" -> Cifar.HUNDRED.splits(spec, folder(spec, rest));
      case "cifar100-coarse" -> Cifar.HUNDRED_COARSE.splits(spec, folder(spec, rest));
      default -> throw new UserError("unknown data '%s'; there are %s".formatted(spec, KNOWN));
    };
  }

  /** The word before the colon: {@code cifar10} of {@code cifar10:DIR}. */
  public static String kind(String spec) {
    int colon = spec.indexOf(':');
    return colon < 0 ? spec : spec.substring(0, colon);
  }

  private static long seed(String spec, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UserError(
          "the seed in '%s' is not a whole number; shapes:1 would be right".formatted(spec), e);
    }
  }

  /** A shell leaves the ~ of {@code cifar10:~/data} alone, so it means the home folder here too. */
  private static Path folder(String spec, String text) {
    if (text.isEmpty()) {
      throw new UserError(
          "'%s' names no folder; %1$s:DIR would be right".formatted(spec.replace(":", "")));
    }
    try {
      return text.equals("~") || text.startsWith("~/")
          ? Path.of(System.getProperty("user.home"), text.substring(1))
          : Path.of(text);
    } catch (InvalidPathException e) {
      throw new UserError("'%s' in '%s' is no path".formatted(text, spec), e);
    }
  }
}
