package org.igcnet.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.data.Augmentation;
import org.igcnet.data.DataSpec;
import org.igcnet.data.OwnImages;
import org.igcnet.data.Splits;
import org.igcnet.data.WorkListener;
import org.igcnet.model.Model;
import org.igcnet.train.RunDescription.DataFacts;

/**
 * A training that is to be: what is not said fits the data, as {@code igcnet train} chooses it.
 * Each method gives another one and leaves this one as it is.
 *
 * <pre>{@code
 * Trained trained = Training.of("IGC-L24M2").depth(20).data("cifar10:data").epochs(40).run();
 * trained.save(Path.of("model"));
 * }</pre>
 *
 * <p>{@link #run} trains in memory. {@link #into} makes a run in a folder, which can be stopped and
 * goes on.
 */
public final class Training {
  private static final long USUAL_SEED = 1;

  private final NetworkName network;
  private OptionalInt depth = OptionalInt.empty();
  private Optional<Body> body = Optional.empty();
  private Data data = Data.named("shapes");
  private OptionalInt batch = OptionalInt.empty();
  private OptionalInt epochs = OptionalInt.empty();
  private Optional<NamedRecipe> named = Optional.empty();
  private UnaryOperator<Recipe> recipe = UnaryOperator.identity();
  private Optional<Model> from = Optional.empty();
  private Compute compute = Compute.allCores();
  private TrainingListener listener = TrainingListener.SILENT;

  /**
   * What to learn from.
   *
   * @param augmentation how such images are varied
   * @param opening opens them, pictures of any size at this one if it is given
   */
  private record Data(Augmentation augmentation, Function<OptionalInt, Splits> opening) {
    static Data named(String name) {
      DataSpec spec = DataSpec.parse(name);
      return new Data(
          spec.augmentation(), size -> Splits.fitting(spec.orSize(size), WorkListener.SILENT));
    }
  }

  /** All that a training is made of, once its data are open. */
  private record Prepared(Architecture architecture, Splits splits, Recipe recipe) {}

  private Training(NetworkName network) {
    this.network = network;
  }

  /**
   * A training of a network, on the built-in shapes where nothing else is said.
   *
   * @param network its name, as the paper writes it: {@code IGC-L24M2}
   * @return the training
   * @throws UserError where there is no network of this name
   */
  public static Training of(String network) {
    return new Training(NetworkName.parse(network));
  }

  /**
   * A training that goes on from a model: of its network, depth and body, {@link #from} its
   * weights.
   *
   * @param model the model; its classes and the size of its images may be others than the data's
   * @return the training
   */
  public static Training fineTuning(Model model) {
    Training training = new Training(model.architecture().network()).from(model);
    training.depth = OptionalInt.of(model.architecture().depth());
    training.body = Optional.of(model.architecture().body());
    return training;
  }

  /** Is changed before anybody sees it. */
  private Training copy() {
    Training copy = new Training(network);
    copy.depth = depth;
    copy.body = body;
    copy.data = data;
    copy.batch = batch;
    copy.epochs = epochs;
    copy.named = named;
    copy.recipe = recipe;
    copy.from = from;
    copy.compute = compute;
    copy.listener = listener;
    return copy;
  }

  /**
   * {@return the same with another depth}
   *
   * @param layers D of the paper
   */
  public Training depth(int layers) {
    Training other = copy();
    other.depth = OptionalInt.of(layers);
    return other;
  }

  /**
   * {@return the same with another body}
   *
   * @param where where the network changes size
   */
  public Training body(Body where) {
    Training other = copy();
    other.body = Optional.of(where);
    return other;
  }

  /**
   * {@return the same on other data}
   *
   * @param name as {@link DataSpec#parse} reads it: {@code cifar10:DIR}, {@code folder:photos}
   * @throws UserError where there are no such data
   */
  public Training data(String name) {
    Training other = copy();
    other.data = Data.named(name);
    return other;
  }

  /**
   * {@return the same on a program's own images} They are not varied, unless the {@link #recipe}
   * says so.
   *
   * @param train what to learn from
   * @param test what to test with
   * @throws UserError where the two have other shapes or classes
   */
  public Training data(OwnImages train, OwnImages test) {
    Splits splits = OwnImages.splits(train, test);
    Training other = copy();
    other.data = new Data(Augmentation.NONE, _ -> splits);
    return other;
  }

  /**
   * {@return the same with another number of images in a step}
   *
   * @param images from 1; all of them share batch normalisation's statistics
   */
  public Training batch(int images) {
    Training other = copy();
    other.batch = OptionalInt.of(images);
    return other;
  }

  /**
   * {@return the same with another number of passes over the training images}
   *
   * @param passes from 1
   */
  public Training epochs(int passes) {
    Training other = copy();
    other.epochs = OptionalInt.of(passes);
    return other;
  }

  /**
   * {@return the same with a recipe that has a name} Where none is said it is {@link
   * NamedRecipe#FAST}, with the weights of a model {@link NamedRecipe#TUNING}.
   *
   * @param name its name
   */
  public Training recipe(NamedRecipe name) {
    Training other = copy();
    other.named = Optional.of(name);
    return other;
  }

  /**
   * {@return the same with other numbers in its recipe}
   *
   * @param change is given the recipe that fits the data, once they are open
   */
  public Training recipe(UnaryOperator<Recipe> change) {
    Training other = copy();
    other.recipe = change;
    return other;
  }

  /**
   * {@return the same that begins with the weights of a model instead of random ones} The final
   * layer begins with them where the classes are the same. Pictures whose size is not said get the
   * size of the model's.
   *
   * @param model of the same network, depth and body
   */
  public Training from(Model model) {
    Training other = copy();
    other.from = Optional.of(model);
    return other;
  }

  /**
   * {@return the same on a number of threads of the processor} The weights do not depend on it.
   *
   * @param count from 1
   * @throws IllegalArgumentException where there is not one
   */
  public Training threads(int count) {
    return on(Compute.threads(count));
  }

  /**
   * {@return the same on another engine or device}
   *
   * @param where what runs the network
   */
  public Training on(Compute where) {
    Training other = copy();
    other.compute = where;
    return other;
  }

  /**
   * {@return the same with somebody who hears how {@link #run} goes}
   *
   * @param hears on the thread that trains
   */
  public Training listener(TrainingListener hears) {
    Training other = copy();
    other.listener = hears;
    return other;
  }

  /**
   * Trains in memory, and touches no file but the data's.
   *
   * @return the model after the epoch of the best test accuracy
   * @throws UserError where the data are missing, the network does not fit them, Java's heap has no
   *     room, or the loss stops being a number
   */
  public Trained run() {
    Prepared prepared = prepared();
    Splits splits = prepared.splits;
    TrainingRun.requireMemory(prepared.architecture, splits, prepared.recipe, compute);
    DataFacts facts =
        RunDescription.of(prepared.architecture, splits, prepared.recipe, compute.engine())
            .dataFacts();
    try (Trainer trainer =
        Trainer.of(
            prepared.architecture, splits, facts.normalization(), prepared.recipe, compute)) {
      from.ifPresent(trainer::beginWith);
      Optional<Model> kept = Optional.empty();
      EpochMetrics last;
      do {
        last = trainer.epoch(listener, () -> {});
        boolean better = trainer.best().filter(last::equals).isPresent();
        if (better) {
          kept = Optional.of(trainer.model(last, Optional.empty(), facts.listing()).copy());
        }
        listener.epoch(last, better);
      } while (!trainer.isDone());
      return new Trained(kept.orElseThrow(), trainer.best().orElseThrow(), last);
    }
  }

  /**
   * Begins a run in a folder. It trains when it is {@linkplain TrainingRun#run run}, can be
   * stopped, and goes on by {@link TrainingRun#resume}; with a program's own images, the program
   * gives them again.
   *
   * @param folder new or empty
   * @return the run, to be run and closed
   * @throws UserError where the folder holds anything, the data are missing, the network does not
   *     fit them, or Java's heap has no room
   */
  public TrainingRun into(Path folder) {
    TrainingRun.requireFree(folder);
    Prepared prepared = prepared();
    return TrainingRun.start(
        folder,
        prepared.architecture,
        prepared.splits,
        prepared.recipe,
        from.map(FirstModel::of),
        compute);
  }

  private Prepared prepared() {
    Splits splits = data.opening.apply(sizeOfModel());
    Architecture architecture =
        Architecture.fitting(
            network, body, depth, splits.train().classes().size(), splits.train().shape());
    from.ifPresent(model -> FineTuning.requireSameBody(architecture, model));
    Recipe how = recipe.apply(fitting(splits.train().size()));
    requireLearned(how);
    return new Prepared(architecture, splits, how);
  }

  private void requireLearned(Recipe how) {
    if (how.frozen() > 0 && from.isEmpty()) {
      throw new UserError(
          "layers that stay as they begin would stay random; they are those of a model that the training begins with");
    }
  }

  private Recipe fitting(int images) {
    return named
        .orElseGet(() -> NamedRecipe.usual(from.isPresent()))
        .of(
            Recipe.fitting(
                network.identity(), images, batch, epochs, data.augmentation, USUAL_SEED),
            compute.engine());
  }

  private OptionalInt sizeOfModel() {
    return from.map(model -> OptionalInt.of(model.architecture().input().height()))
        .orElse(OptionalInt.empty());
  }
}
