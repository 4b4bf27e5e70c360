package org.igcnet.spark;

/**
 * Somebody who trains along is gone, stalled or out of step, or the run's store fails. The training
 * can go on from its last checkpoint with others.
 */
final class LostConnection extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostConnection(String message) {
    super(message);
  }

  LostConnection(String message, Throwable cause) {
    super(message, cause);
  }
}
