package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.train.Network;
import org.igcnet.data.Augmentation;
import org.igcnet.data.BatchShare;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Dataset;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.model.Evaluation;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running averages of batch normalisation in trainings of few steps. */
class NormAveragesTest {
  private static final int BATCH = 16;
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 8, 10);
  private static final Splits DATA = new Splits("few", Shapes.train(1, 160), Shapes.test(1, 160));

  @TempDir Path folder;

  @Test
  void afterTenStepsTheAveragesAreWhatTheFormulaGives() {
    Recipe recipe = recipe(1, NormAverages.WARMED);
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, recipe, Compute.threads(1))) {
      run.run(TrainingListener.SILENT);
    }
    Weights trained = ModelFolder.read(folder).weights();
    double[] wanted = averaged(recipe);
    assertAverages(trained, wanted);
  }

  private static void assertAverages(Weights trained, double[] wanted) {
    for (Parameter parameter : averages(trained)) {
      int at = trained.offset(parameter.name());
      for (int i = at; i < at + parameter.size(); i++) {
        assertThat((double) trained.values()[i])
            .as(parameter.name())
            .isCloseTo(wanted[i], within(1e-5 + 1e-4 * Math.abs(wanted[i])));
      }
    }
  }

  /**
   * The averages by their definition: Σ over the steps s of the statistics of s, times what s takes
   * and what each later step keeps of it.
   */
  private static double[] averaged(Recipe recipe) {
    List<float[]> observed = new ArrayList<>();
    try (TrainingSession session = learned(recipe, observed)) {
      Weights weights = session.state().weights();
      double[] sum = new double[weights.values().length];
      for (int step = 0; step < observed.size(); step++) {
        double share = 9.0 / (10 + step);
        for (int later = step + 1; later < observed.size(); later++) {
          share *= (1.0 + later) / (10 + later);
        }
        for (int i = 0; i < sum.length; i++) {
          sum[i] += share * observed.get(step)[i];
        }
      }
      // Of the first values one part in 92,378 is left: the means began at 0, the variances at 1.
      double left = 1.0 / 92_378;
      for (Parameter p : averages(weights)) {
        if (p.role() == Parameter.Role.RUNNING_VARIANCE) {
          int at = weights.offset(p.name());
          for (int i = at; i < at + p.size(); i++) {
            sum[i] += left;
          }
        }
      }
      return sum;
    }
  }

  /**
   * Trains a network, whose running averages are the statistics of one batch at a time.
   *
   * @param observed gets all values as they are after each step
   */
  private static TrainingSession learned(Recipe recipe, List<float[]> observed) {
    TrainingSession session =
        Compute.threads(1).training(Setup.alone(NETWORK, BATCH, BATCH, recipe.optimiser()));
    Weights weights = session.state().weights();
    Initialisation.fill(weights, recipe.seed());
    try (BatchStream batches = batches(recipe, 0)) {
      for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
        session.step(batch, recipe.learningRate(observed.size(), batches.batches()), 0);
        observed.add(weights.values().clone());
      }
    }
    return session;
  }

  private static BatchStream batches(Recipe recipe, int epoch) {
    return BatchStream.training(
        DATA.train(),
        DATA.train().normalization(),
        recipe.images(),
        BatchShare.whole(BATCH),
        recipe.seed(),
        epoch,
        0);
  }

  private static List<Parameter> averages(Weights weights) {
    return weights.parameters().stream().filter(p -> !p.role().learned()).toList();
  }

  /** 40 steps: moved by 0.99, two thirds of each average would be its first value. */
  @Test
  void aShortTrainingTestsAsWellByItsAveragesAsByTheStatisticsOfTheTestBatches() {
    Evaluation anew = trained(NormAverages.ANEW);
    Score own = byOwnStatistics(ModelFolder.read(folder.resolve("ANEW")).weights());
    assertThat(anew.accuracy()).isCloseTo(own.accuracy(), within(12.0));
    assertThat(anew.loss()).isCloseTo(own.meanLoss(), within(0.4));
    assertThat(trained(NormAverages.MOVED).loss()).isGreaterThan(1.5 * anew.loss());
  }

  /** The 160 images are fewer than the averages are taken from. */
  @Test
  void averagesThatAreTakenAnewAreTheMeansOfTheBatchesByTheLastWeights() {
    trained(NormAverages.ANEW);
    Model model = ModelFolder.read(folder.resolve("ANEW"));
    float[] values = model.weights().values();
    double[] mean = new double[values.length];
    int last = model.origin().epochs() - 1;
    try (Network network = Network.create(NETWORK, BATCH, BATCH, 1);
        BatchStream batches = batches(recipe(4, NormAverages.ANEW), last)) {
      System.arraycopy(values, 0, network.weights().values(), 0, values.length);
      for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
        network.forward(batch);
        network.moveAverages(0, 1);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += network.weights().values()[i] / batches.batches();
        }
      }
    }
    assertAverages(model.weights(), mean);
  }

  private Evaluation trained(NormAverages averages) {
    Path at = folder.resolve(averages.name());
    try (TrainingRun run =
        TrainingRun.start(at, NETWORK, DATA, recipe(4, averages), Compute.threads(1))) {
      run.run(TrainingListener.SILENT);
    }
    return Evaluation.of(ModelFolder.read(at), DATA.test(), Compute.threads(1));
  }

  private static Score byOwnStatistics(Weights weights) {
    Dataset test = DATA.test();
    try (Network network = Network.create(NETWORK, test.size(), test.size(), 1);
        BatchStream batches =
            BatchStream.inOrder(test, DATA.train().normalization(), test.size())) {
      System.arraycopy(weights.values(), 0, network.weights().values(), 0, weights.values().length);
      ImageBatch batch = Objects.requireNonNull(batches.next());
      return CrossEntropy.score(network.forward(batch), NETWORK.classes(), batch.targets());
    }
  }

  private static Recipe recipe(int epochs, NormAverages averages) {
    return Recipe.paper(false, epochs, Augmentation.NONE, 1)
        .withBatch(BATCH, BATCH)
        .withNormAverages(averages);
  }
}
