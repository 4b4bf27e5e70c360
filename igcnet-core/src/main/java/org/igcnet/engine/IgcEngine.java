package org.igcnet.engine;

import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Weights;
import org.igcnet.engine.kernel.Lanes;

/** Provides {@link Network} and {@link InferencePlan}, which compute on the processor. */
public final class IgcEngine implements EngineProvider {
  private static final String NAME = "igc";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void requireDevice(String device) {
    if (!device.equals(Compute.CPU)) {
      throw new UserError(
          "the engine %s has no device \"%s\", only %s".formatted(NAME, device, Compute.CPU));
    }
  }

  @Override
  public Optional<Integer> lanes() {
    return Optional.of(Lanes.COUNT);
  }

  @Override
  public Network create(
      Architecture architecture, int capacity, int normImages, int threads, String device) {
    return Network.create(architecture, capacity, normImages, threads);
  }

  @Override
  public InferencePlan predictor(
      Architecture architecture, Weights weights, int capacity, int threads, String device) {
    return InferencePlan.of(architecture, weights, threads);
  }

  @Override
  public MemoryPlan memory(Architecture architecture, int capacity, int normImages, int threads) {
    return NetworkMemory.of(architecture, capacity, normImages, threads);
  }
}
