package org.igcnet.backend;

/**
 * A network with fixed weights, which its sessions share. Any number of threads may make sessions,
 * each of which one thread at a time may use.
 */
@FunctionalInterface
public interface Predictor {
  /**
   * Makes what predicts.
   *
   * @param threads threads that compute
   * @return the session, to be closed
   */
  InferenceSession session(int threads);
}
