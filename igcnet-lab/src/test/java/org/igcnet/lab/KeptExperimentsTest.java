package org.igcnet.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs that {@code build/fuzz} begins with, as {@code KeptInputsTest} of the core does. */
class KeptExperimentsTest {
  private static final Path KEPT = Path.of("src/test/resources/fuzz");

  static Stream<Path> experiments() throws IOException {
    return inputs(ExperimentFuzzer.class);
  }

  static Stream<Path> results() throws IOException {
    return inputs(ResultsFuzzer.class);
  }

  private static Stream<Path> inputs(Class<?> fuzzer) throws IOException {
    try (Stream<Path> files = Files.list(KEPT.resolve(fuzzer.getName()))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  @Timeout(60)
  void experimentsAreReadOrRefused(Path input) throws IOException {
    ExperimentFuzzer.fuzzerTestOneInput(Files.readAllBytes(input));
  }

  @ParameterizedTest
  @MethodSource("results")
  @Timeout(60)
  void resultsAreReadOrRefused(Path input) throws IOException {
    ResultsFuzzer.fuzzerTestOneInput(Files.readAllBytes(input));
  }
}
