package org.igcnet.cpu;

import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Predictor;
import org.igcnet.backend.Setup;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.plain.PlainInference;
import org.igcnet.cpu.plain.PlainNetwork;
import org.igcnet.cpu.plan.NetworkMemory;
import org.igcnet.cpu.predict.InferencePlan;
import org.igcnet.cpu.train.CpuTraining;
import org.igcnet.cpu.train.Network;
import org.igcnet.cpu.train.Trainable;

/** This project's own engine, on the processor: with vectors, or else by plain loops. */
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

  /** Plain loops compute one image at a time: their sums do not depend on the machine. */
  @Override
  public Optional<Integer> lanes() {
    return Optional.of(Choice.taken() ? Lanes.COUNT : 1);
  }

  /** What reads and writes 16-bit maps is made of vectors. */
  @Override
  public List<Precision> precisions() {
    return Choice.planned()
        ? List.of(Precision.BF16, Precision.FLOAT32)
        : List.of(Precision.FLOAT32);
  }

  @Override
  public CpuTraining training(Setup setup, int threads, String device) {
    Trainable network = network(setup, threads);
    return switch (setup.precision()) {
      case FLOAT32 -> CpuTraining.of(setup, network);
      case BF16 ->
          CpuTraining.of(
              setup,
              network,
              weights ->
                  predictor(setup.architecture(), weights, setup.batchSize(), device)
                      .session(threads));
    };
  }

  /**
   * Makes a network with all weights zero. Without vectors it keeps feature maps as floats,
   * whatever the setup has.
   *
   * @param setup what it is made for
   * @param threads threads that compute
   * @throws UserError where Java's heap has no room for it
   */
  public static Trainable network(Setup setup, int threads) {
    return Choice.vectors()
        ? Network.create(setup, threads)
        : PlainNetwork.create(setup.architecture(), setup.batchSize(), setup.normImages(), threads);
  }

  @Override
  public Predictor predictor(
      Architecture architecture, Weights weights, int capacity, String device) {
    return Choice.vectors()
        ? InferencePlan.of(architecture, weights)
        : PlainInference.of(architecture, weights, capacity);
  }

  @Override
  public MemoryPlan memory(
      Architecture architecture, int capacity, int normImages, Precision precision, int threads) {
    long parameters = architecture.tensorValues();
    MemoryPlan network =
        Choice.planned()
            ? NetworkMemory.of(architecture, capacity, normImages, precision, threads)
            : PlainNetwork.memory(architecture, capacity, normImages, threads);
    MemoryPlan learning = network.plus("velocities", MemoryPlan.floats(parameters));
    return precision == Precision.FLOAT32
        ? learning
        : learning.plus("tests", inferenceMemory(architecture, threads).bytes());
  }

  @Override
  public MemoryPlan inferenceMemory(Architecture architecture, int threads) {
    return Choice.planned()
        ? InferencePlan.memory(architecture, threads)
        : PlainInference.memory(architecture, threads);
  }
}
