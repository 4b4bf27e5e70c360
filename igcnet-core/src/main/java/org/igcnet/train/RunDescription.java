package org.igcnet.train;

import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.data.Normalization;
import org.igcnet.data.Splits;
import org.igcnet.engine.EngineProvider;
import org.igcnet.model.DocumentFormat;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code run.json}: what is trained, on what, and how.
 *
 * @param data the data as the user named it
 * @param dataFacts what the data was when the run began
 * @param engine the engine's name; another one would round otherwise
 * @param lanes images that the engine computed side by side where the run began, if it is known;
 *     another number rounds otherwise
 */
public record RunDescription(
    String format,
    int version,
    String network,
    String body,
    int depth,
    String data,
    DataFacts dataFacts,
    Recipe recipe,
    String engine,
    Optional<Integer> lanes) {
  static final DocumentFormat<RunDescription> FORMAT =
      new DocumentFormat<>(
          "igcnet-run", RunDescription.class, List.of(RunDescription::addVersion2));

  /**
   * Enough of the data to notice that it has changed.
   *
   * @param shape of every image
   * @param trainImages number of training images
   * @param testImages number of test images
   * @param normalization of the training images
   */
  public record DataFacts(
      ImageShape shape,
      List<String> classes,
      int trainImages,
      int testImages,
      Normalization normalization) {
    public DataFacts {
      classes = List.copyOf(classes);
    }

    @Override
    public String toString() {
      return "%d training and %d test images of %s in %d classes with means %s"
          .formatted(trainImages, testImages, shape, classes.size(), normalization.mean());
    }

    /** Reads all training images. */
    public static DataFacts of(Splits splits) {
      return new DataFacts(
          splits.train().shape(),
          splits.train().classes(),
          splits.train().size(),
          splits.test().size(),
          splits.train().normalization());
    }
  }

  /**
   * Describes a training that is about to begin.
   *
   * @throws UserError where the network does not fit the data
   */
  static RunDescription of(
      Architecture architecture, Splits splits, Recipe recipe, EngineProvider engine) {
    return of(architecture, splits.spec(), DataFacts.of(splits), recipe, engine);
  }

  /**
   * Describes a training on data whose facts are known.
   *
   * @param data the data as the user named it
   * @throws UserError where the network does not fit the data
   */
  public static RunDescription of(
      Architecture architecture,
      String data,
      DataFacts facts,
      Recipe recipe,
      EngineProvider engine) {
    if (architecture.classes() != facts.classes().size()
        || !architecture.input().equals(facts.shape())) {
      throw new UserError(
          "%s for images of %s cannot learn %s, which has %d classes of images of %s"
              .formatted(
                  architecture, architecture.input(), data, facts.classes().size(), facts.shape()));
    }
    return new RunDescription(
        FORMAT.name(),
        FORMAT.version(),
        architecture.network().toString(),
        architecture.body().id(),
        architecture.depth(),
        data,
        facts,
        recipe,
        engine.name(),
        engine.lanes());
  }

  /** How wide vectors were was not said before. */
  private static void addVersion2(ObjectNode description) {
    description.putNull("lanes");
  }

  /** The network. */
  public Architecture architecture() {
    return new Architecture(
        NetworkName.parse(network),
        Body.parse(body),
        depth,
        dataFacts.classes().size(),
        dataFacts.shape());
  }

  /**
   * Whether a run of the other description gives the same weights, to within rounding: all is equal
   * but where the data lie and how wide vectors are.
   */
  public boolean sameTraining(RunDescription other) {
    return Splits.kind(data).equals(Splits.kind(other.data)) && equals(other.on(data, lanes));
  }

  private RunDescription on(String name, Optional<Integer> side) {
    return new RunDescription(
        format, version, network, body, depth, name, dataFacts, recipe, engine, side);
  }

  /**
   * Refuses data that differs from what the run began with.
   *
   * @throws UserError where it does
   */
  void requireSame(Splits splits) {
    DataFacts found = DataFacts.of(splits);
    if (!found.equals(dataFacts)) {
      throw new UserError(
          "%s is not the data that this run began with, which was %s, and is now %s"
              .formatted(splits.spec(), dataFacts, found));
    }
  }
}
