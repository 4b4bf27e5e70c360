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
  /** {@return the name as the user writes it: {@code igc}, {@code torch}} */
  String name();

  /**
   * Looks whether the engine can run on a device.
   *
   * @param device as the user writes it: {@code cpu}, {@code cuda:1}
   * @throws UserError where it cannot
   */
  void requireDevice(String device);

  /**
   * {@return how many images it computes side by side on this machine, if the last bits of its sums
   * depend on that}
   */
  default Optional<Integer> lanes() {
    return Optional.empty();
  }

  /** {@return how training can keep feature maps on this machine, the fastest first} */
  default List<Precision> precisions() {
    return List.of(Precision.FLOAT32);
  }

  /** {@return how training keeps feature maps the fastest on this machine} */
  default Precision fastestPrecision() {
    return precisions().getFirst();
  }

  /**
   * Makes a network that learns, with all weights zero.
   *
   * @param setup what it is made for, with one of the {@link #precisions}
   * @param threads threads that compute
   * @param device one that {@link #requireDevice} lets pass
   * @return the network, to be closed
   */
  TrainingSession training(Setup setup, int threads, String device);

  /**
   * Makes what predicts with given weights: sessions that train, where the engine has nothing
   * faster. These have weights each of its own.
   *
   * @param architecture the network
   * @param weights are copied; what they become later changes nothing
   * @param capacity most images in a batch
   * @param device one that {@link #requireDevice} lets pass
   * @return what makes sessions
   */
  default Predictor predictor(
      Architecture architecture, Weights weights, int capacity, String device) {
    Optimiser any = Optimiser.of(0, 0);
    Weights fixed = weights.copy();
    return threads -> {
      TrainingSession network =
          training(Setup.alone(architecture, capacity, capacity, any), threads, device);
      network.restore(State.of(fixed));
      return network;
    };
  }

  /**
   * {@return what {@link #training} takes from Java's heap: nothing, where an engine has its memory
   * elsewhere}
   *
   * @param architecture the network
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param precision of the feature maps
   * @param threads threads that compute
   */
  default MemoryPlan memory(
      Architecture architecture, int capacity, int normImages, Precision precision, int threads) {
    return MemoryPlan.NONE;
  }

  /**
   * {@return what a {@link #predictor} with one session takes from Java's heap, for batches of any
   * size: nothing, where an engine has its memory elsewhere}
   *
   * @param architecture the network
   * @param threads threads that compute
   */
  default MemoryPlan inferenceMemory(Architecture architecture, int threads) {
    return MemoryPlan.NONE;
  }

  /**
   * {@return the engine with a name}
   *
   * @param name as {@link #name} says it
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
