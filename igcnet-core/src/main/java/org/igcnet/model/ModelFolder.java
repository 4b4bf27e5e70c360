package org.igcnet.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Weights;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.files.DocumentFormat;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.Safetensors;
import org.igcnet.files.SafetensorsFile;
import org.igcnet.files.StoredWeights;
import org.igcnet.files.WholeFile;
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
  /** The name of the file that says what the network is. */
  public static final String DESCRIPTION = "model.json";

  /** The name of the file that holds its tensors. */
  public static final String WEIGHTS = "model.safetensors";

  private static final DocumentFormat<Description> FORMAT =
      new DocumentFormat<>(
          "igcnet-model",
          Description.class,
          List.of(ModelFolder::addVersion2, ModelFolder::addVersion3, ModelFolder::addVersion4));

  /** Far above any image that these networks are for, far below what overflows. */
  private static final int LARGEST_INPUT = 1 << 24;

  /** A writer would have to replace the model as often during one reading. */
  private static final int MOST_TRIES = 10;

  /** What is read or written at once, and beside it as text. */
  private static final long BUFFERS = 2 << 20;

  /** Its names, shapes and steps, as objects and as text. */
  private static final long BYTES_A_TENSOR = 8 << 10;

  private ModelFolder() {}

  /**
   * The file {@value #DESCRIPTION}.
   *
   * @param weightsSha256 the SHA-256 of the bytes of the file {@value #WEIGHTS}
   */
  private record Description(
      String format,
      int version,
      String weightsSha256,
      Described architecture,
      List<String> classes,
      Framing framing,
      Normalization normalization,
      Origin training) {
    Architecture requireArchitecture(String file) {
      try {
        return architecture.architecture();
      } catch (UserError | IllegalArgumentException e) {
        throw refused(file, e);
      }
    }
  }

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
   * @param model the model
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
            model.framing(),
            model.normalization(),
            model.origin());
    Path weightsFile = folder.resolve(WEIGHTS);
    Path descriptionFile = folder.resolve(DESCRIPTION);
    WholeFile.makeFolder(folder);
    finishWrite(descriptionFile, weightsFile);
    WholeFile.prepare(weightsFile, weights::write);
    WholeFile.prepare(descriptionFile, out -> out.write(JsonDocument.document(description)));
    WholeFile.commit(weightsFile);
    WholeFile.commit(descriptionFile);
  }

  /**
   * Ends the write of a process that was killed between its two moves, as the description beside
   * its place is about to be written over.
   */
  private static void finishWrite(Path descriptionFile, Path weightsFile) {
    Path aside = WholeFile.aside(descriptionFile);
    if (Files.exists(aside) && Files.exists(weightsFile) && describes(aside, weightsFile)) {
      WholeFile.commit(descriptionFile);
    }
  }

  private static boolean describes(Path description, Path weightsFile) {
    try (SafetensorsFile weights = SafetensorsFile.open(weightsFile)) {
      return FORMAT.read(description).weightsSha256().equals(weights.sha256());
    } catch (UserError incomplete) {
      return false;
    }
  }

  /**
   * Reads a model. One that is replaced meanwhile is read again.
   *
   * @param folder a model folder, or a run folder
   * @return the model
   * @throws UserError where a file is missing or damaged, or the two do not fit each other
   */
  public static Model read(Path folder) {
    Path file = folder.resolve(DESCRIPTION);
    if (!Files.exists(file) && !Files.exists(WholeFile.aside(file))) {
      throw new UserError(
          Kind.MISSING, "%s holds no trained model: %s is missing".formatted(folder, DESCRIPTION));
    }
    String before = "";
    for (int tries = 1; ; tries++) {
      try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
        String sha256 = weights.sha256();
        Optional<Description> description = description(file, sha256);
        if (description.isPresent()) {
          return model(file.toString(), description.get(), weights);
        }
        if (sha256.equals(before) || tries == MOST_TRIES) {
          throw new UserError(
              Kind.DAMAGED,
              "%s describes other weights than those of %s beside it, whose SHA-256 is %s"
                  .formatted(file, WEIGHTS, sha256));
        }
        before = sha256;
      }
    }
  }

  /**
   * Reads a model from two streams.
   *
   * @param description {@value #DESCRIPTION}; read to its end, and left open
   * @param weights {@value #WEIGHTS}; read to its end, and left open
   * @return the model
   * @throws UserError where a stream cannot be read, or is damaged, or the two do not fit each
   *     other
   */
  public static Model read(InputStream description, InputStream weights) {
    Description described =
        FORMAT.read(
            DESCRIPTION,
            new String(
                bytes(DESCRIPTION, description, JsonDocument.LARGEST), StandardCharsets.UTF_8));
    long floats = described.requireArchitecture(DESCRIPTION).tensorValues();
    byte[] bytes = bytes(WEIGHTS, weights, SafetensorsFile.longest(floats));
    try (SafetensorsFile stored = SafetensorsFile.of(WEIGHTS, bytes)) {
      if (!described.weightsSha256().equals(stored.sha256())) {
        throw new UserError(
            Kind.DAMAGED,
            "the given %s describes other weights than those given, whose SHA-256 is %s"
                .formatted(DESCRIPTION, stored.sha256()));
      }
      return model(DESCRIPTION, described, stored);
    }
  }

  /** All that is left in a stream, if that is no more than there can be. */
  private static byte[] bytes(String name, InputStream in, long most) {
    try {
      int limit = (int) Math.min(most, Integer.MAX_VALUE - 64);
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new UserError(
            Kind.DAMAGED,
            "the given %s has more bytes than it can need (%,d)".formatted(name, limit));
      }
      return bytes;
    } catch (IOException e) {
      throw WholeFile.unreadable("the given " + name, e);
    }
  }

  /** The description whose weights have the given SHA-256. */
  private static Optional<Description> description(Path file, String sha256) {
    return readDescription(file)
        .filter(description -> description.weightsSha256().equals(sha256))
        .or(
            () ->
                besideDescription(file)
                    .filter(description -> description.weightsSha256().equals(sha256)));
  }

  private static Optional<Description> readDescription(Path file) {
    return Files.exists(file) ? Optional.of(FORMAT.read(file)) : Optional.empty();
  }

  /** Nothing where it is not there, was moved just now, or is being written. */
  private static Optional<Description> besideDescription(Path file) {
    try {
      return readDescription(WholeFile.aside(file));
    } catch (UserError incomplete) {
      return Optional.empty();
    }
  }

  /** The run that a model came from was not said before. */
  private static void addVersion2(ObjectNode description) {
    DocumentFormat.within(description, "training").putNull("run").putNull("listing");
  }

  /** Since then there are the steps sigmoid and scale. */
  private static void addVersion3(ObjectNode description) {}

  /** How pictures are framed followed from the data's name before. */
  private static void addVersion4(ObjectNode description) {
    String data = DocumentFormat.within(description, "training").path("data").asString("");
    description.set("framing", JsonDocument.tree(DataSpec.framing(data)));
  }

  private static Model model(String file, Description description, SafetensorsFile stored) {
    Architecture architecture = description.requireArchitecture(file);
    try {
      Weights weights = restored(architecture, stored);
      return new Model(
          architecture,
          description.classes(),
          description.framing(),
          description.normalization(),
          description.training(),
          weights);
    } catch (UserError | IllegalArgumentException e) {
      throw refused(file, e);
    }
  }

  private static UserError refused(String file, RuntimeException why) {
    return new UserError(Kind.DAMAGED, "%s is refused: %s".formatted(file, Reason.of(why)), why);
  }

  /**
   * {@return the bytes of memory that it takes to write a model, or a checkpoint of its training:
   * names and descriptions, as weights are written from where they are}
   *
   * @param architecture the network
   */
  public static long writing(Architecture architecture) {
    return BUFFERS + BYTES_A_TENSOR * architecture.parameters().size();
  }

  /** What the file {@value #WEIGHTS} holds. */
  static Safetensors stored(Weights weights) {
    return new Safetensors(
        new TreeMap<>(Map.of("format", "pt")), StoredWeights.of(weights).tensors());
  }

  /** Allocates nothing that the file is not as large as. */
  private static Weights restored(Architecture architecture, SafetensorsFile stored) {
    long values = architecture.tensorValues();
    if (values != stored.values()) {
      throw new UserError(
          "%s has %,d values, the network %,d".formatted(WEIGHTS, stored.values(), values));
    }
    Weights weights = Weights.of(architecture);
    StoredWeights.fill(stored, List.of(StoredWeights.of(weights)));
    return weights;
  }
}
