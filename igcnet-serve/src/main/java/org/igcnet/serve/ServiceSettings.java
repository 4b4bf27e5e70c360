package org.igcnet.serve;

import java.time.Duration;
import org.igcnet.UserError;

/**
 * What a {@link ModelService} may use, and how it is called.
 *
 * @param name what clients call the model; letters, digits, and {@code . _ -}
 * @param host the name or address that it listens at
 * @param port the port, or 0 for any that is free
 * @param queue most requests that wait for their turn or are computed; more are refused
 * @param maxBody most bytes of a request's body
 * @param timeout how long a request may take, from its head to its answer, and a client to send a
 *     head
 */
public record ServiceSettings(
    String name, String host, int port, int queue, int maxBody, Duration timeout) {
  /** Where nothing else is said: nobody but this machine can ask. */
  public static final String LOOPBACK = "127.0.0.1";

  /** More than photographs have. */
  public static final int MAX_BODY = 32 << 20;

  /** Some seconds of work for a small network. */
  public static final int QUEUE = 256;

  /** Far longer than a network takes. */
  public static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final int LAST_PORT = 65_535;

  /** Each costs a selector's key, a file and some buffers, even where it is silent. */
  static final int CONNECTIONS = 2_000;

  /**
   * Looks whether a service can have them.
   *
   * @throws UserError where it cannot
   */
  public ServiceSettings {
    if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new UserError(
          "a model cannot be called \"%s\" in an address; letters, digits, '.', '_' and '-' are right, 100 at most"
              .formatted(name));
    }
    requireRange("the port", port, 0, LAST_PORT);
    requireRange("the queue", queue, 1, 1 << 16);
    requireRange("the largest body", maxBody, 1 << 10, 1 << 30);
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new UserError(
          "a request cannot be given %s; a millisecond to a day is right".formatted(timeout));
    }
  }

  private static void requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UserError(
          "%s cannot be %,d; from %,d to %,d is right".formatted(what, value, least, most));
    }
  }

  /**
   * Those of a service that only this machine can ask.
   *
   * @param name what clients call the model
   * @param port the port, or 0 for any that is free
   * @return the settings
   */
  public static ServiceSettings local(String name, int port) {
    return new ServiceSettings(name, LOOPBACK, port, QUEUE, MAX_BODY, TIMEOUT);
  }
}
