package org.igcnet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The inputs that {@code build/fuzz} begins with: sound ones, and each that a parser once met
 * badly, in {@code src/test/resources/fuzz} below the name of the class that reads them.
 */
class KeptInputsTest {
  private static final Path KEPT = Path.of("src/test/resources/fuzz");

  static Stream<Path> inputs() throws IOException {
    try (Stream<Path> files = Files.walk(KEPT)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("inputs")
  @Timeout(60)
  void areReadOrRefused(Path input) throws Exception {
    String fuzzer = KEPT.relativize(input).getName(0).toString();
    Class.forName(fuzzer)
        .getMethod("fuzzerTestOneInput", byte[].class)
        .invoke(null, Files.readAllBytes(input));
  }
}
