package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.Weights;
import org.igcnet.engine.Compute;
import org.igcnet.torch.TorchTrainer;
import org.igcnet.torch.TorchTrainer.MemoryFormat;
import org.igcnet.train.Initialisation;
import org.igcnet.train.Recipe;

/** Training steps of libtorch on one batch. */
final class TorchTraining implements Session {
  private final TorchTrainer trainer;

  TorchTraining(Contender.Training contender, MemoryFormat format) {
    Architecture architecture = contender.architecture();
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, RandomImages.SEED);
    Recipe recipe = RandomImages.recipe(contender);
    trainer =
        new TorchTrainer(architecture, weights, recipe, contender.threads(), format, Compute.CPU);
    trainer.take(new RandomImages(architecture, contender.images()).batch());
  }

  @Override
  public void step() {
    trainer.step();
  }
}
