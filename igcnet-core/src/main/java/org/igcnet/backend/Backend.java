package org.igcnet.backend;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;

/**
 * An engine: makes sessions that train and predict. Those on the class path are found by {@link
 * ServiceLoader}, so that a module that is left out costs nothing.
 */
public interface Backend {
  /** As the user writes it: {@code igc}, {@code torch}. */
  String name();

  /**
   * Looks whether the engine can run on a device.
   *
   * @throws UserError where it cannot
   */
  void requireDevice(String device);

  /**
   * How many images it computes side by side on this machine, if the last bits of its sums depend
   * on that.
   */
  default Optional<Integer> lanes() {
    return Optional.empty();
  }

  /**
   * Makes a network that learns, with all weights zero.
   *
   * @param threads threads that compute
   * @param device one that {@link #requireDevice} lets pass
   */
  TrainingSession training(Setup setup, int threads, String device);

  /**
   * Makes what predicts with given weights: the network itself, where the engine has nothing
   * faster.
   *
   * @param weights are copied; what they become later changes nothing
   * @param capacity most images in a batch
   * @param threads threads that compute
   * @param device one that {@link #requireDevice} lets pass
   */
  default InferenceSession inference(
      Architecture architecture, Weights weights, int capacity, int threads, String device) {
    Optimiser any = new Optimiser(0, 0);
    TrainingSession network =
        training(Setup.alone(architecture, capacity, capacity, any), threads, device);
    network.restore(State.of(weights));
    return network;
  }

  /**
   * What {@link #training} takes from Java's heap: nothing, where an engine has its memory
   * elsewhere.
   *
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param threads threads that compute
   */
  default MemoryPlan memory(Architecture architecture, int capacity, int normImages, int threads) {
    return MemoryPlan.NONE;
  }

  /**
   * The engine with a name.
   *
   * @throws UserError where the class path has none
   */
  static Backend named(String name) {
    List<Backend> known =
        ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return known.stream()
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "there is no engine \"%s\" on the class path, %s; igc comes with the module igcnet-cpu, torch with igcnet-torch, as docs/torch.md says"
                        .formatted(
                            name,
                            known.isEmpty()
                                ? "nor any other"
                                : known.stream()
                                    .map(Backend::name)
                                    .collect(Collectors.joining(", ", "only ", "")))));
  }
}
