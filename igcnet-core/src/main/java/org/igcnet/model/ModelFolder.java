package org.igcnet.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.data.Normalization;
import org.igcnet.engine.Weights;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trained network as a folder of two files: {@value #DESCRIPTION} and {@value #WEIGHTS}.
 *
 * <p>The description holds the SHA-256 of the weights that it describes. Both files are written
 * beside their places before either is moved, so at any moment one whole description fits the
 * weights that are in place: the one in its place or, where a process was killed between the two
 * moves, the one beside it.
 */
public final class ModelFolder {
  public static final String DESCRIPTION = "model.json";
  public static final String WEIGHTS = "model.safetensors";

  private static final DocumentFormat<Description> FORMAT =
      new DocumentFormat<>("igcnet-model", Description.class, List.of(ModelFolder::addVersion2));

  /** Far above any image that these networks are for, far below what overflows. */
  private static final int LARGEST_INPUT = 1 << 24;

  private ModelFolder() {}

  /**
   * The file {@value #DESCRIPTION}.
   *
   * @param weightsSha256 the SHA-256 of the file {@value #WEIGHTS}
   */
  private record Description(
      String format,
      int version,
      String weightsSha256,
      Described architecture,
      List<String> classes,
      Normalization normalization,
      Training training) {}

  /** A network by name, from which {@link Architecture} follows, and as a list of its steps. */
  private record Described(
      String network, String body, int depth, int classes, ImageShape input, List<Layer> layers) {
    static Described of(Architecture architecture) {
      return new Described(
          architecture.network().toString(),
          architecture.body().id(),
          architecture.depth(),
          architecture.classes(),
          architecture.input(),
          Layer.of(architecture));
    }

    Architecture architecture() {
      if ((long) input.channels() * input.height() * input.width() > LARGEST_INPUT) {
        throw new UserError("images of %s are too large for a network".formatted(input));
      }
      Architecture architecture =
          new Architecture(NetworkName.parse(network), Body.parse(body), depth, classes, input);
      if (!Layer.of(architecture).equals(layers)) {
        throw new UserError("its layers are not those of %s".formatted(architecture));
      }
      return architecture;
    }
  }

  /**
   * Writes a model, in place of one that may be there.
   *
   * @param folder made where it does not exist
   * @throws UserError where it cannot be written
   */
  public static void write(Path folder, Model model) {
    Safetensors weights = stored(model.weights());
    Description description =
        new Description(
            FORMAT.name(),
            FORMAT.version(),
            weights.sha256(),
            Described.of(model.architecture()),
            model.classes(),
            model.normalization(),
            model.training());
    Path weightsFile = folder.resolve(WEIGHTS);
    Path descriptionFile = folder.resolve(DESCRIPTION);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw WholeFile.unwritable(folder, e);
    }
    WholeFile.prepare(weightsFile, weights::write);
    WholeFile.prepare(descriptionFile, out -> out.write(JsonDocument.document(description)));
    WholeFile.commit(weightsFile);
    WholeFile.commit(descriptionFile);
  }

  /**
   * Reads a model.
   *
   * @throws UserError where a file is missing or damaged, or the two do not fit each other
   */
  public static Model read(Path folder) {
    Path file = folder.resolve(DESCRIPTION);
    if (!Files.exists(file) && !Files.exists(WholeFile.aside(file))) {
      throw new UserError(
          "%s holds no trained model: %s is missing".formatted(folder, DESCRIPTION));
    }
    Safetensors weights = Safetensors.read(folder.resolve(WEIGHTS));
    return model(file, description(file, weights.sha256()), weights);
  }

  /** The description whose weights have the given SHA-256. */
  private static Description description(Path file, String sha256) {
    return Stream.of(file, WholeFile.aside(file))
        .filter(Files::exists)
        .map(ModelFolder::readDescription)
        .filter(description -> description.weightsSha256().equals(sha256))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "%s describes other weights than those of %s beside it, whose SHA-256 is %s"
                        .formatted(file, WEIGHTS, sha256)));
  }

  private static Description readDescription(Path file) {
    return FORMAT.read(file);
  }

  /** The run that a model came from was not said before. */
  private static void addVersion2(ObjectNode description) {
    DocumentFormat.within(description, "training").putNull("run").putNull("listing");
  }

  private static Model model(Path file, Description description, Safetensors stored) {
    try {
      Architecture architecture = description.architecture().architecture();
      Weights weights = restored(architecture, stored);
      return new Model(
          architecture,
          description.classes(),
          description.normalization(),
          description.training(),
          weights);
    } catch (UserError | IllegalArgumentException e) {
      throw new UserError("%s is refused: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Safetensors stored(Weights weights) {
    return new Safetensors(
        new TreeMap<>(Map.of("format", "pt")),
        StoredWeights.cut(weights, weights.values(), weights.parameters(), ""));
  }

  /** Allocates nothing before the file is known to hold as much. */
  private static Weights restored(Architecture architecture, Safetensors stored) {
    Map<String, Safetensors.Stored> tensors = stored.byName();
    List<Parameter> parameters = architecture.parameters();
    StoredWeights.requireFit(parameters, "", tensors);
    if (tensors.size() != parameters.size()) {
      throw new UserError(
          "%s has %d tensors, the network %d"
              .formatted(WEIGHTS, tensors.size(), parameters.size()));
    }
    Weights weights = Weights.of(architecture);
    StoredWeights.join(weights, weights.values(), parameters, "", tensors);
    return weights;
  }
}
