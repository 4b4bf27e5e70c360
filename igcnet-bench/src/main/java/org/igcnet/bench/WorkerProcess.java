package org.igcnet.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.bench.Contender.Older;
import tools.jackson.databind.json.JsonMapper;

/** A {@link Worker} as its parent sees it. */
final class WorkerProcess implements AutoCloseable {
  /** Time that a step under way may still take. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Contender contender;
  private final Process process;

  /** All that it says beside its answers. */
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private final Conversation conversation;

  /**
   * Starts the process with the flags of this one, and with its class path, if the contender is not
   * another build's.
   *
   * @throws UserError where that is impossible
   */
  WorkerProcess(Contender contender) {
    this.contender = contender;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add(Conversation.MAIN_CLASS);
    command.add(
        JsonMapper.shared()
            .writeValueAsString(contender instanceof Older older ? older.ours() : contender));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not as an argument: ONNX Runtime 1.29 breaks off under a command line of 4,096 bytes.
    builder.environment().put("CLASSPATH", classPath());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be started: %s".formatted(command.getFirst(), Reason.of(e)), e);
    }
    Thread.ofVirtual().start(this::listen);
    conversation =
        new Conversation(
            contender,
            new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true),
            process.inputReader(StandardCharsets.UTF_8));
  }

  private String classPath() {
    return contender instanceof Older older
        ? older.build().jar().toString()
        : System.getProperty("java.class.path");
  }

  private void listen() {
    try (InputStream stream = process.getErrorStream()) {
      stream.transferTo(errors);
    } catch (IOException e) {
      // It has ended; what it said before is kept.
    }
  }

  Contender contender() {
    return contender;
  }

  /**
   * Lets it run for a while.
   *
   * @throws UserError where the process ends meanwhile, or speaks another version
   */
  Samples run(double seconds) {
    try {
      return conversation.run(seconds);
    } catch (IOException e) {
      throw brokenOff(e);
    }
  }

  private UserError brokenOff(IOException cause) {
    return new UserError(
        "the process that measures \"%s\" broke off%s%s".formatted(contender, exitCode(), said()),
        cause);
  }

  /** Writes what it said into a file. */
  private String said() {
    try {
      Path file = Files.createTempFile("igcnet-bench", ".log");
      Files.write(file, errors.toByteArray());
      return "; what it said is in " + file;
    } catch (IOException e) {
      return "";
    }
  }

  private String exitCode() {
    try {
      return process.waitFor(PATIENCE) ? " with exit code " + process.exitValue() : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Time that it has had on all cores; zero where the system does not tell. */
  Duration cpuTime() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Ends the process: with the end of its input, so that it can tidy up, or else by force. */
  @Override
  public void close() {
    conversation.end();
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
