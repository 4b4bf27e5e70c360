package org.igcnet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The one file of the JVM's flags. */
final class JvmOptions {
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  static final Path FILE = HOME.resolve("build/jvm.options");

  private JvmOptions() {}

  /** Its flags, in order. */
  static List<String> flags() throws IOException {
    return Files.readAllLines(FILE).stream()
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }
}
