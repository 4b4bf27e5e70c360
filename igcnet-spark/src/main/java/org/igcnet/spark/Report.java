package org.igcnet.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.files.JsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * The connection between a worker and the driver: {@linkplain Message messages} one way, the word
 * {@value #STOP} the other.
 */
final class Report implements AutoCloseable {
  private static final String STOP = "stop";

  /** Most characters of a message: no sentence is nearly as long. */
  static final int LONGEST = 1 << 20;

  private final SocketChannel channel;
  private final BufferedReader in;
  private final Writer out;

  private Report(SocketChannel channel, BufferedReader in, Writer out) {
    this.channel = channel;
    this.in = in;
    this.out = out;
  }

  /** {@return the connection, whose channel is closed with it} */
  static Report over(SocketChannel channel) {
    try {
      Socket socket = channel.socket();
      return new Report(
          channel,
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)),
          new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new LostConnection("the connection to the driver cannot be used", e);
    }
  }

  /** A worker tells something; a driver that is gone is told nothing. */
  synchronized void tell(Message message) {
    try {
      out.write(JsonDocument.line(message));
      out.write('\n');
      out.flush();
    } catch (IOException gone) {
      // Spark ends the workers of a driver that is gone.
    }
  }

  /**
   * The driver waits for what a worker tells next.
   *
   * @return the message; null where the worker is gone, perhaps in the middle of one
   * @throws UserError where it told anything else
   */
  @Nullable Message hear() {
    String line = line();
    return line == null ? null : JsonDocument.read("what a worker told", line, Message.class);
  }

  /** The driver asks the worker to stop. */
  synchronized void stop() {
    try {
      out.write(STOP);
      out.write('\n');
      out.flush();
    } catch (IOException gone) {
      // Then it has stopped.
    }
  }

  /**
   * A worker listens for the driver's word.
   *
   * @param stop is run where it comes, on another thread
   */
  void onStop(Runnable stop) {
    Thread.ofVirtual()
        .name("stop")
        .start(
            () -> {
              if (STOP.equals(line())) {
                stop.run();
              }
            });
  }

  /** What stands before the next line's end; null where no more of them come. */
  private @Nullable String line() {
    StringBuilder line = new StringBuilder();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          return line.toString();
        }
        if (line.length() == LONGEST) {
          throw new UserError(
              Kind.TOO_LARGE,
              "what a worker told is longer than the %,d characters of a message"
                  .formatted(LONGEST));
        }
        line.append((char) next);
      }
      return null;
    } catch (IOException gone) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new LostConnection("the connection to the driver cannot be closed", e);
    }
  }
}
