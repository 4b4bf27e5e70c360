package org.igcnet.cli;

import java.util.EnumMap;
import java.util.Map;
import org.jline.utils.Signals;
import picocli.CommandLine.ExitCode;

/**
 * While it is open, the first Ctrl-C (SIGINT) or SIGTERM asks a command to stop in good order. The
 * second ends the process at once, as the first does in other commands.
 */
final class StopSignals implements AutoCloseable {
  /** Shells say of a program that a signal ended: this and the signal's number. */
  private static final int ENDED_BY = 128;

  /** By the names that Java gives them. */
  private enum Kind {
    INT(2),
    TERM(15);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private final Runnable stop;

  /** What each signal did before. */
  private final Map<Kind, Object> before = new EnumMap<>(Kind.class);

  private int exitCode = ExitCode.OK;

  private StopSignals(Runnable stop) {
    this.stop = stop;
  }

  /**
   * Begins to listen.
   *
   * @param stop is run on a thread of its own, once
   */
  static StopSignals asking(Runnable stop) {
    StopSignals signals = new StopSignals(stop);
    signals.listen();
    return signals;
  }

  private synchronized void listen() {
    for (Kind kind : Kind.values()) {
      Object handler = Signals.register(kind.name(), () -> received(kind));
      if (handler != null) {
        before.put(kind, handler);
      }
    }
  }

  private synchronized void received(Kind kind) {
    exitCode = ENDED_BY + kind.number;
    close();
    stop.run();
  }

  /** What the process ends with: 0 where no signal has come, 130 or 143. */
  synchronized int exitCode() {
    return exitCode;
  }

  /** Lets signals do what they did before. */
  @Override
  public synchronized void close() {
    before.forEach((kind, handler) -> Signals.unregister(kind.name(), handler));
    before.clear();
  }
}
