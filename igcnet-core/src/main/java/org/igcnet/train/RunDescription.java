package org.igcnet.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Precision;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Mirroring;
import org.igcnet.data.Normalization;
import org.igcnet.data.OwnImages;
import org.igcnet.data.Part;
import org.igcnet.data.Splits;
import org.igcnet.files.DocumentFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The file {@code run.json}: what is trained, on what, and how.
 *
 * @param format {@code igcnet-run}
 * @param version of the format
 * @param network its name, as the paper writes it
 * @param body the {@linkplain org.igcnet.arch.Body#id name} of where it changes size
 * @param depth D
 * @param data the data as the user named it
 * @param dataFolder where the data lay then, absolute; nothing where they need no folder, or an
 *     older version began the run
 * @param tested which of the data's images choose the best model; nothing where an older version
 *     began the run
 * @param dataFacts what the data was when the run began
 * @param recipe how it is trained
 * @param from whose weights it began with, where these were not the seed's
 * @param earlier the SHA-256 of what this file was each time before its epochs grew
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
    Optional<String> dataFolder,
    Optional<Part> tested,
    DataFacts dataFacts,
    Recipe recipe,
    Optional<FirstWeights> from,
    List<String> earlier,
    String engine,
    Optional<Integer> lanes) {
  static final DocumentFormat<RunDescription> FORMAT =
      new DocumentFormat<>(
          "igcnet-run",
          RunDescription.class,
          List.of(
              RunDescription::addVersion2,
              RunDescription::addVersion3,
              RunDescription::addVersion4,
              RunDescription::addVersion5,
              RunDescription::addVersion6));

  /** Copies what the file was before. */
  public RunDescription {
    earlier = List.copyOf(earlier);
  }

  /**
   * Enough of the data to notice that it has changed.
   *
   * @param shape of every image
   * @param classes their names, in the order of their labels
   * @param trainImages number of training images
   * @param testImages number of test images
   * @param normalization of the training images
   * @param listing the SHA-256 of the listing of the files that pictures are in; nothing for other
   *     images, and where an older version began the run
   */
  public record DataFacts(
      ImageShape shape,
      List<String> classes,
      int trainImages,
      int testImages,
      Normalization normalization,
      Optional<String> listing) {
    /** Copies the names of the classes. */
    public DataFacts {
      classes = List.copyOf(classes);
    }

    /** Whether nothing that both know differs. */
    boolean agreesWith(DataFacts other) {
      return equals(
          other.with(listing.isPresent() && other.listing.isPresent() ? other.listing : listing));
    }

    private DataFacts with(Optional<String> other) {
      return new DataFacts(shape, classes, trainImages, testImages, normalization, other);
    }

    @Override
    public String toString() {
      return "%d training and %d test images of %s in %d classes%s with means %s%s"
          .formatted(
              trainImages,
              testImages,
              shape,
              classes.size(),
              classes.isEmpty()
                  ? ""
                  : " (%s … %s)".formatted(classes.getFirst(), classes.getLast()),
              normalization.mean(),
              listing.map(", listed as %.8s"::formatted).orElse(""));
    }

    /**
     * Reads all training images.
     *
     * @param splits what to learn and to test with
     * @return the facts
     */
    public static DataFacts of(Splits splits) {
      return of(splits, splits.train().normalization());
    }

    private static DataFacts of(Splits splits, Normalization normalization) {
      return new DataFacts(
          splits.train().shape(),
          splits.train().classes(),
          splits.train().size(),
          splits.test().size(),
          normalization,
          splits.listing());
    }
  }

  /**
   * Describes a training that is about to begin.
   *
   * @throws UserError where the network does not fit the data
   */
  static RunDescription of(
      Architecture architecture, Splits splits, Recipe recipe, Backend engine) {
    return of(architecture, splits, DataFacts.of(splits), recipe, engine);
  }

  /** The same that begins with the weights of a model. */
  RunDescription from(FirstWeights first) {
    return changed(recipe, Optional.of(first), earlier);
  }

  /**
   * The same with more epochs, if more are wanted.
   *
   * @param epochs how many there are to be
   * @param identity the SHA-256 of the file as it is
   * @throws UserError where there are to be fewer
   */
  RunDescription grown(OptionalInt epochs, String identity) {
    int wanted = epochs.orElse(recipe.epochs());
    if (wanted < recipe.epochs()) {
      throw new UserError(
          "the run has %,d epochs; they can become more, not %,d"
              .formatted(recipe.epochs(), wanted));
    }
    if (wanted == recipe.epochs()) {
      return this;
    }
    List<String> before = Stream.concat(earlier.stream(), Stream.of(identity)).toList();
    return changed(recipe.withEpochs(wanted), from, before);
  }

  private RunDescription changed(
      Recipe newRecipe, Optional<FirstWeights> newFrom, List<String> newEarlier) {
    return new RunDescription(
        format,
        version,
        network,
        body,
        depth,
        data,
        dataFolder,
        tested,
        dataFacts,
        newRecipe,
        newFrom,
        newEarlier,
        engine,
        lanes);
  }

  /**
   * Describes a training on data whose facts are known.
   *
   * @param architecture the network
   * @param splits what to learn and to test with
   * @param facts those of these data
   * @param recipe how
   * @param engine what runs the network
   * @return what is trained, on what, and how
   * @throws UserError where the network does not fit the data, or they have a class that cannot be
   *     learned
   */
  public static RunDescription of(
      Architecture architecture, Splits splits, DataFacts facts, Recipe recipe, Backend engine) {
    if (architecture.classes() != facts.classes().size()
        || !architecture.input().equals(facts.shape())) {
      throw new UserError(
          Kind.DATA,
          "%s for images of %s cannot learn %s, which has %d classes of images of %s"
              .formatted(
                  architecture,
                  architecture.input(),
                  splits.spec(),
                  facts.classes().size(),
                  facts.shape()));
    }
    if (facts.classes().size() == 1) {
      throw new UserError(
          Kind.DATA,
          "%s shows one class only, '%s', so there is nothing to tell apart; a folder for each of two classes or more would be right"
              .formatted(splits.spec(), facts.classes().getFirst()));
    }
    requireLearned(splits);
    return new RunDescription(
        FORMAT.name(),
        FORMAT.version(),
        architecture.network().toString(),
        architecture.body().id(),
        architecture.depth(),
        splits.spec(),
        splits.folder().map(Path::toString),
        Optional.of(splits.tested()),
        facts,
        recipe,
        Optional.empty(),
        List.of(),
        engine.name(),
        engine.lanes());
  }

  /** Refuses a class all of whose images are held out, so that it cannot be learned. */
  private static void requireLearned(Splits splits) {
    if (splits.tested() != Part.HELD_OUT) {
      return;
    }
    List<Integer> learned = ClassCounts.of(splits.train()).images();
    List<Integer> held = ClassCounts.of(splits.test()).images();
    for (int label = 0; label < held.size(); label++) {
      if (learned.get(label) == 0 && held.get(label) > 0) {
        throw new UserError(
            Kind.DATA,
            "%s holds out all %,d images of the class '%s', so that none is left to learn it from; a smaller share, or more images of it, would be right"
                .formatted(splits.spec(), held.get(label), splits.train().classes().get(label)));
      }
    }
  }

  /**
   * How wide vectors were and what the data's files were was not said before; steps moved averages.
   */
  private static void addVersion2(ObjectNode description) {
    description.putNull("lanes").putNull("dataFolder");
    DocumentFormat.within(description, "dataFacts").putNull("listing");
    DocumentFormat.within(description, "recipe").put("normAverages", NormAverages.MOVED.name());
  }

  /** Whether what chooses the best model is a validation set was told by the data's name alone. */
  private static void addVersion3(ObjectNode description) {
    description.putNull("tested");
  }

  /**
   * The recipe was one list of numbers, all of them the paper's. Each run began with its seed's
   * weights, and its epochs stayed.
   */
  private static void addVersion4(ObjectNode description) {
    description.putNull("from").putArray("earlier");
    ObjectNode recipe = DocumentFormat.within(description, "recipe");
    ObjectNode schedule = recipe.putObject("schedule");
    schedule.set("decline", StringNode.valueOf(RateSteps.CIFAR_TEXT));
    move(recipe, "rateSteps", schedule, "decline");
    schedule.put("warmUp", 0.0);
    ObjectNode optimiser = recipe.putObject("optimiser");
    move(recipe, "momentum", optimiser, "momentum");
    move(recipe, "weightDecay", optimiser, "weightDecay");
    optimiser.put("normRate", 1.0).put("gradientLimit", 0.0);
    ObjectNode norms = recipe.putObject("norms");
    move(recipe, "normImages", norms, "images");
    move(recipe, "normMomentum", norms, "momentum");
    move(recipe, "normAverages", norms, "averages");
    ObjectNode images = recipe.putObject("images");
    move(recipe, "augmentation", images, "augmentation");
    images.put("mirroring", Mirroring.RANDOM.name()).put("cutout", 0).put("erasing", 0.0);
    images.put("mixup", 0.0).put("cutmix", 0.0).put("labelSmoothing", 0.0).put("balanced", false);
    recipe.put("averageDecay", 0.0).put("frozen", 0).put("patience", 0);
  }

  /** All maps were kept as they were computed. */
  private static void addVersion5(ObjectNode description) {
    DocumentFormat.within(description, "recipe").put("precision", Precision.FLOAT32.toString());
  }

  /** Where the model was whose weights a run began with was not told. */
  private static void addVersion6(ObjectNode description) {
    if (description.path("from") instanceof ObjectNode from) {
      from.putNull("folder").putNull("pretrained");
    }
  }

  private static void move(ObjectNode from, String name, ObjectNode to, String newName) {
    JsonNode value = from.remove(name);
    if (value != null) {
      to.set(newName, value);
    }
  }

  /**
   * {@return whether the images that choose the best model are for validation, as far as it is
   * known}
   */
  public boolean validated() {
    return tested.map(Part::validates).orElseGet(() -> DataSpec.validates(data));
  }

  /** {@return the network} */
  public Architecture architecture() {
    return new Architecture(
        NetworkName.parse(network),
        Body.parse(body),
        depth,
        dataFacts.classes().size(),
        dataFacts.shape());
  }

  /**
   * {@return whether a run of the other description learns the same weights, to within rounding:
   * all is equal but where the data lie and what they are called there, where the model is that it
   * began with, how wide vectors are, and how running averages come about, which learning does not
   * look at} A run whose epochs grew is none that had them from the beginning.
   *
   * @param other what another run is
   */
  public boolean sameTraining(RunDescription other) {
    return dataFacts.agreesWith(other.dataFacts) && sameButPictures(other);
  }

  /** As {@link #sameTraining}, whichever images of the same kind, classes and shape there are. */
  boolean sameButPictures(RunDescription other) {
    return Splits.kind(data).equals(Splits.kind(other.data))
        && dataFacts.classes.equals(other.dataFacts.classes)
        && dataFacts.shape.equals(other.dataFacts.shape)
        && where(this).equals(other.where(this));
  }

  /**
   * As another says what the data are, where they and the first model lie, how wide vectors are.
   */
  private RunDescription where(RunDescription other) {
    return new RunDescription(
        format,
        version,
        network,
        body,
        depth,
        other.data,
        other.dataFolder,
        other.tested,
        other.dataFacts,
        recipe.withNormAverages(NormAverages.ANEW),
        from.map(first -> other.from.map(first::where).orElse(first)),
        earlier,
        engine,
        other.lanes);
  }

  /**
   * Refuses data that differs from what the run began with. Where the same files are listed their
   * pictures are not looked at again: some may have gone, and are left out.
   *
   * @throws UserError where it does
   */
  void requireSame(Splits splits) {
    DataFacts found =
        dataFacts.listing.isPresent()
            ? DataFacts.of(splits, dataFacts.normalization)
            : DataFacts.of(splits);
    boolean others = OwnImages.isName(data) && !splits.spec().equals(data);
    if (others || !found.agreesWith(dataFacts)) {
      throw new UserError(
          Kind.DATA,
          "%s is not the data that this run began with, which was %s, and is now %s"
              .formatted(splits.spec(), dataFacts, found));
    }
  }
}
