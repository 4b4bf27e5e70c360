package org.igcnet.cpu;

import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Setup;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.plan.NetworkMemory;
import org.igcnet.cpu.predict.InferencePlan;
import org.igcnet.cpu.train.CpuTraining;
import org.igcnet.cpu.train.Network;

/** This project's own engine, on the processor. */
public final class CpuBackend implements Backend {
  @Override
  public String name() {
    return Compute.OWN;
  }

  @Override
  public void requireDevice(String device) {
    if (!device.equals(Compute.CPU)) {
      throw new UserError(
          "the engine %s has no device \"%s\", only %s".formatted(name(), device, Compute.CPU));
    }
  }

  @Override
  public Optional<Integer> lanes() {
    return Optional.of(Lanes.COUNT);
  }

  @Override
  public CpuTraining training(Setup setup, int threads, String device) {
    return CpuTraining.of(
        setup,
        Network.create(setup.architecture(), setup.batchSize(), setup.normImages(), threads));
  }

  @Override
  public InferencePlan inference(
      Architecture architecture, Weights weights, int capacity, int threads, String device) {
    return InferencePlan.of(architecture, weights, threads);
  }

  @Override
  public MemoryPlan memory(Architecture architecture, int capacity, int normImages, int threads) {
    long parameters = architecture.parameters().stream().mapToLong(p -> p.size()).sum();
    return NetworkMemory.of(architecture, capacity, normImages, threads)
        .plus("velocities", MemoryPlan.floats(parameters));
  }
}
