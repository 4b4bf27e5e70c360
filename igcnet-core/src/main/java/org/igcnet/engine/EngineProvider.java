package org.igcnet.engine;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Weights;

/**
 * Makes engines of one kind. Those on the class path are found by {@link ServiceLoader}, so that a
 * module that is left out costs nothing.
 */
public interface EngineProvider {
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
   * Makes a network with all weights zero.
   *
   * @param architecture the network
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param threads threads that compute
   * @param device one that {@link #requireDevice} lets pass
   */
  Engine create(
      Architecture architecture, int capacity, int normImages, int threads, String device);

  /**
   * Makes what predicts with given weights: the network itself, where the engine has nothing
   * faster.
   *
   * @param weights are copied; what they become later changes nothing
   * @param capacity most images in a batch
   * @param threads threads that compute
   * @param device one that {@link #requireDevice} lets pass
   */
  default Predictor predictor(
      Architecture architecture, Weights weights, int capacity, int threads, String device) {
    Engine network = create(architecture, capacity, capacity, threads, device);
    float[] values = weights.values();
    System.arraycopy(values, 0, network.weights().values(), 0, values.length);
    return network;
  }

  /**
   * What {@link #create} takes from Java's heap: nothing, where an engine has its memory elsewhere.
   *
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param threads threads that compute
   */
  default MemoryPlan memory(Architecture architecture, int capacity, int normImages, int threads) {
    return MemoryPlan.NONE;
  }

  /**
   * The provider with a name.
   *
   * @throws UserError where the class path has none
   */
  static EngineProvider named(String name) {
    List<EngineProvider> known =
        ServiceLoader.load(EngineProvider.class, EngineProvider.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return known.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "there is no engine \"%s\" on the class path, only %s; torch comes with the module igcnet-torch, as docs/torch.md says"
                        .formatted(
                            name,
                            known.stream()
                                .map(EngineProvider::name)
                                .collect(Collectors.joining(", ")))));
  }
}
