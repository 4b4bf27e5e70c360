package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.engine.Batch;
import org.igcnet.engine.Compute;
import org.igcnet.engine.Weights;
import org.igcnet.torch.TorchTrainer;
import org.igcnet.torch.TorchTrainer.MemoryFormat;
import org.igcnet.train.Initialisation;
import org.igcnet.train.Recipe;

/** Training steps of libtorch on one batch, in the memory format that is faster here. */
final class TorchTraining implements Session {
  private final TorchTrainer trainer;
  private final MemoryFormat format;

  TorchTraining(Contender.Training contender) {
    Architecture architecture = contender.architecture();
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, RandomImages.SEED);
    Batch batch = new RandomImages(architecture.input(), contender.images()).batch();
    MemoryFormat best = MemoryFormat.CONTIGUOUS;
    long least = Long.MAX_VALUE;
    for (MemoryFormat format : MemoryFormat.values()) {
      try (TorchTrainer trainer = trainer(contender, weights, batch, format)) {
        long time = time(trainer);
        if (time < least) {
          least = time;
          best = format;
        }
      }
    }
    this.format = best;
    this.trainer = trainer(contender, weights, batch, best);
  }

  private static TorchTrainer trainer(
      Contender.Training contender, Weights weights, Batch batch, MemoryFormat format) {
    Recipe recipe = RandomImages.recipe(contender);
    TorchTrainer trainer =
        new TorchTrainer(
            contender.architecture(), weights, recipe, contender.threads(), format, Compute.CPU);
    trainer.take(batch);
    return trainer;
  }

  /** Of the second step; the first sets up what later ones find. */
  private static long time(TorchTrainer trainer) {
    trainer.step();
    long begin = System.nanoTime();
    trainer.step();
    return System.nanoTime() - begin;
  }

  @Override
  public void step() {
    trainer.step();
  }

  @Override
  public String choice() {
    return switch (format) {
      case CONTIGUOUS -> "contiguous";
      case CHANNELS_LAST -> "channels last";
    };
  }
}
