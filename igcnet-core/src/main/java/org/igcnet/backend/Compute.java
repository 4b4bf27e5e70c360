package org.igcnet.backend;

import java.util.stream.Collectors;
import org.igcnet.UserError;
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
   * Looks at the device and the threads.
   *
   * @throws UserError where the engine cannot run on the device
   * @throws IllegalArgumentException where there is not one thread
   */
  public Compute {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "%d threads compute nothing; there is at least one".formatted(threads));
    }
    engine.requireDevice(device);
  }

  /** {@return this project's own engine on the processor, on all its cores} */
  public static Compute allCores() {
    return threads(Runtime.getRuntime().availableProcessors());
  }

  /**
   * {@return this project's own engine on the processor}
   *
   * @param threads threads that compute
   */
  public static Compute threads(int threads) {
    return of(OWN, CPU, threads);
  }

  /**
   * An engine by name.
   *
   * @param engine the name of a {@link Backend}
   * @param device one that the engine can run on
   * @param threads threads that compute
   * @return the engine with the device and threads
   * @throws UserError where the class path has none of that name, or it cannot run on the device
   */
  public static Compute of(String engine, String device, int threads) {
    return new Compute(Backend.named(engine), device, threads);
  }

  /**
   * {@return what {@link #training} takes from Java's heap}
   *
   * @param architecture the network
   * @param batchSize most images of a step
   * @param normImages images that share batch normalisation's statistics
   * @param precision of the feature maps
   */
  public MemoryPlan memory(
      Architecture architecture, int batchSize, int normImages, Precision precision) {
    return engine.memory(architecture, batchSize, normImages, precision, threads);
  }

  /**
   * {@return what {@link #inference} takes from Java's heap, for batches of any size}
   *
   * @param architecture the network
   */
  public MemoryPlan inferenceMemory(Architecture architecture) {
    return engine.inferenceMemory(architecture, threads);
  }

  /**
   * Makes a network that learns; see {@link Backend#training}.
   *
   * @param setup what it is made for
   * @return the network, to be closed
   * @throws UserError where the engine does not keep feature maps in this precision here
   */
  public TrainingSession training(Setup setup) {
    require(setup.precision());
    return engine.training(setup, threads, device);
  }

  /**
   * Looks whether the engine can keep feature maps in a precision on this machine.
   *
   * @param precision theirs
   * @throws UserError where it cannot
   */
  public void require(Precision precision) {
    if (!engine.precisions().contains(precision)) {
      throw new UserError(
          "the engine %s cannot keep feature maps as %s on this machine, only as %s"
              .formatted(
                  engine.name(),
                  precision,
                  engine.precisions().stream()
                      .map(Precision::toString)
                      .collect(Collectors.joining(" or "))));
    }
  }

  /**
   * Makes what predicts with given weights; see {@link Backend#predictor}.
   *
   * @param architecture the network
   * @param weights are copied; what they become later changes nothing
   * @param capacity most images in a batch
   * @return what makes sessions that share the weights
   */
  public Predictor predictor(Architecture architecture, Weights weights, int capacity) {
    return engine.predictor(architecture, weights, capacity, device);
  }

  /**
   * Makes a session that predicts with given weights, with all threads.
   *
   * @param architecture the network
   * @param weights are copied; what they become later changes nothing
   * @param capacity most images in a batch
   * @return the session, to be closed
   */
  public InferenceSession inference(Architecture architecture, Weights weights, int capacity) {
    return predictor(architecture, weights, capacity).session(threads);
  }
}
