package org.igcnet.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code ./igcnet}, as a user does, in a folder of the test's own.
 *
 * @param script the launcher, or a link to it
 * @param folder the current folder of what it runs
 * @param environment variables beside those that there are
 */
record Launcher(Path script, Path folder, Map<String, String> environment) {
  private static final int LONGEST_MINUTES = 5;

  static Launcher in(Path folder) {
    return new Launcher(
        Path.of(System.getProperty("igcnet.launcher")).toAbsolutePath(), folder, Map.of());
  }

  /** The same with environment variables. */
  Launcher with(Map<String, String> variables) {
    return new Launcher(script, folder, variables);
  }

  /** Runs a command to its end. */
  Finished run(Object... arguments) {
    return finish(start(arguments));
  }

  /** Runs a line of a shell to its end, in which {@code "$0"} is the launcher. */
  Finished shell(String line) {
    return finish(started(List.of("bash", "-c", line, script.toString())));
  }

  /** Starts a command; its output goes to files beside {@link #folder}. */
  Process start(Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return started(command);
  }

  private Process started(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output("out").toFile())
            .redirectError(output("err").toFile());
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of a command that was started. */
  Finished finish(Process process) {
    try {
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("still running after %d minutes".formatted(LONGEST_MINUTES));
      }
      return new Finished(
          process.exitValue(), Files.readString(output("out")), Files.readString(output("err")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a command that was started has written a text to {@code out} or {@code err}. */
  void awaitText(Process process, String stream, String text) {
    try {
      while (!Files.readString(output(stream)).contains(text)) {
        if (!process.isAlive()) {
          throw new AssertionError(
              "it ended without \"%s\": %s".formatted(text, Files.readString(output(stream))));
        }
        Thread.sleep(5);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path output(String stream) {
    return folder.resolveSibling(folder.getFileName() + "." + stream);
  }
}
