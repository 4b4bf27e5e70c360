package org.igcnet.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A path as a user writes it. A shell leaves the ~ of {@code --out=~/x} alone, so it means the home
 * folder here too.
 */
final class HomePath implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("nothing is no path");
    }
    try {
      return of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'%s' is no path".formatted(text));
    }
  }

  /** The path that a text names. */
  static Path of(String text) {
    return text.equals("~") || text.startsWith("~/")
        ? Path.of(System.getProperty("user.home"), text.substring(1))
        : Path.of(text);
  }
}
