package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. */
class BenchProcessTest {
  @TempDir Path folder;

  @Test
  void aSignalEndsItAtOnceAndLeavesNoFile() throws Exception {
    Process process = start("--quick", "--threads", "1", "--only", "train-threads");
    try (BufferedReader errors = process.errorReader()) {
      String first = errors.readLine();
      while (first != null && first.startsWith("WARNING: ")) {
        first = errors.readLine();
      }
      process.toHandle().destroy(); // which leaves its streams open
      assertThat(first).contains("IGC-L24M2");
      assertThat(errors.lines()).isEmpty();
    }
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(process.inputReader().lines()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void hintsShowTheProgramAsItWasCalled() throws Exception {
    Process process = start("--threads", "0");
    assertThat(process.errorReader().lines().filter(line -> !line.startsWith("WARNING: ")))
        .containsExactly(
            "igcnet: --threads is 0; it must be from 1 to 1,024", "Try './igcnet bench --help'.");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@../build/jvm.options",
            "-Djava.io.tmpdir=" + folder,
            "-Digcnet.program=./igcnet",
            Bench.class.getName(),
            "bench");
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(command.stream(), Stream.of(arguments)).toList());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }
}
