package org.igcnet.backend;

import org.igcnet.arch.Architecture;

/**
 * What computes, and where.
 *
 * @param engine makes the sessions
 * @param device {@code cpu}, or what else the engine knows
 * @param threads threads that compute
 */
public record Compute(Backend engine, String device, int threads) {
  /** The name of this project's own engine. */
  public static final String OWN = "igc";

  /** The device that every engine has. */
  public static final String CPU = "cpu";

  /**
   * Looks at the device.
   *
   * @throws org.igcnet.UserError where the engine cannot run on it
   */
  public Compute {
    engine.requireDevice(device);
  }

  /** This project's own engine. */
  public static Compute threads(int threads) {
    return of(OWN, CPU, threads);
  }

  /**
   * An engine by name.
   *
   * @throws org.igcnet.UserError where the class path has none of that name, or it cannot run on
   *     the device
   */
  public static Compute of(String engine, String device, int threads) {
    return new Compute(Backend.named(engine), device, threads);
  }

  /** What {@link #training} takes from Java's heap. */
  public MemoryPlan memory(Architecture architecture, int batchSize, int normImages) {
    return engine.memory(architecture, batchSize, normImages, threads);
  }

  /** Makes a network that learns; see {@link Backend#training}. */
  public TrainingSession training(Setup setup) {
    return engine.training(setup, threads, device);
  }

  /** Makes what predicts with given weights; see {@link Backend#inference}. */
  public InferenceSession inference(Architecture architecture, Weights weights, int capacity) {
    return engine.inference(architecture, weights, capacity, threads, device);
  }
}
