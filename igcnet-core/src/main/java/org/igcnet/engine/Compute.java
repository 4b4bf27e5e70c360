package org.igcnet.engine;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Weights;

/**
 * What computes, and where.
 *
 * @param engine makes the network
 * @param device {@code cpu}, or what else the engine knows
 * @param threads threads that compute
 */
public record Compute(EngineProvider engine, String device, int threads) {
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
    return new Compute(new IgcEngine(), CPU, threads);
  }

  /**
   * An engine by name.
   *
   * @throws org.igcnet.UserError where the class path has none of that name, or it cannot run on
   *     the device
   */
  public static Compute of(String engine, String device, int threads) {
    return new Compute(EngineProvider.named(engine), device, threads);
  }

  /** What {@link #network} takes from Java's heap. */
  public MemoryPlan memory(Architecture architecture, int capacity, int normImages) {
    return engine.memory(architecture, capacity, normImages, threads);
  }

  /** Makes a network; see {@link EngineProvider#create}. */
  public Engine network(Architecture architecture, int capacity, int normImages) {
    return engine.create(architecture, capacity, normImages, threads, device);
  }

  /** Makes what predicts with given weights; see {@link EngineProvider#predictor}. */
  public Predictor predictor(Architecture architecture, Weights weights, int capacity) {
    return engine.predictor(architecture, weights, capacity, threads, device);
  }
}
