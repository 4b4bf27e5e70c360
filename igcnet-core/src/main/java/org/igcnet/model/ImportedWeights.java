package org.igcnet.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Parameter;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.files.NumberType;
import org.igcnet.files.PlainFile;
import org.igcnet.files.SafetensorsFile;
import org.igcnet.files.WholeFile;

/**
 * A safetensors file of another program, whose tensors are to be those of one of our networks. They
 * may be called as ours are or as torchvision's ResNet-18 calls them ({@link TensorNames}), and be
 * of 64, 32 or 16 bits.
 *
 * <pre>{@code
 * try (ImportedWeights file = ImportedWeights.open(Path.of("resnet18.safetensors"))) {
 *   Architecture network =
 *       new Architecture(
 *           NetworkName.parse("ResNet-C64"), Body.IMAGENET, 18, file.classes(), ImageShape.IMAGENET);
 *   ModelFolder.write(
 *       Path.of("resnet18"),
 *       file.model(
 *           network, labels, Framing.PHOTOGRAPH, Normalization.IMAGENET, file.usualEpsilon()));
 * }
 * }</pre>
 */
public final class ImportedWeights implements AutoCloseable {
  /** PyTorch's counter of batches, which nothing here needs. */
  private static final String COUNTER = "num_batches_tracked";

  /** What wrappers of PyTorch put before every name: data parallel, Lightning, compile. */
  private static final List<String> WRAPPERS = List.of("module.", "model.", "_orig_mod.");

  /** Names that a refusal tells of each kind. */
  private static final int TOLD = 3;

  /** How PyTorch's own files begin: a zip file, or before version 1.6 a pickle. */
  private static final List<byte[]> PYTORCH =
      List.of(new byte[] {'P', 'K', 3, 4}, new byte[] {(byte) 0x80, 2});

  private static final int LONGEST_BEGINNING = 4;

  /** The extents of a convolution's weight: outputs, inputs of a group, rows, columns. */
  private static final int CONVOLUTION = 4;

  private final Path path;
  private final SafetensorsFile file;
  private final String prefix;
  private final TensorNames names;

  /** The tensors that count, by their whole names. */
  private final Map<String, List<Integer>> shapes;

  private ImportedWeights(Path path, SafetensorsFile file) {
    this.path = path;
    this.file = file;
    this.shapes = new LinkedHashMap<>(file.shapes());
    this.prefix = commonPrefix(shapes.keySet());
    shapes.keySet().removeIf(this::isCounter);
    this.names = TensorNames.in(name -> shapes.containsKey(prefix + name));
  }

  /**
   * Opens a file and reads its header.
   *
   * @param path the file
   * @return the file, to be closed
   * @throws UserError where it is missing, is one of PyTorch's own files, or no sound safetensors
   *     file
   */
  public static ImportedWeights open(Path path) {
    refusePyTorch(path);
    SafetensorsFile file = SafetensorsFile.openForeign(path);
    return new ImportedWeights(path, file);
  }

  private static void refusePyTorch(Path path) {
    try {
      byte[] beginning = beginning(path);
      if (PYTORCH.stream().anyMatch(begins -> startsWith(beginning, begins))) {
        throw new UserError(
            Kind.DAMAGED,
            ("%s is a file of torch.save, which is a program to run rather than data; in Python"
                    + " save_file(torch.load(\"%s\", map_location=\"cpu\", weights_only=True),"
                    + " \"weights.safetensors\") of safetensors.torch makes a file of the"
                    + " state_dict that is read here")
                .formatted(path, path.getFileName()));
      }
    } catch (IOException e) {
      throw WholeFile.unreadable(path, e);
    }
  }

  private static byte[] beginning(Path path) throws IOException {
    PlainFile.require(path);
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(LONGEST_BEGINNING);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] begins) {
    return bytes.length >= begins.length
        && Arrays.equals(bytes, 0, begins.length, begins, 0, begins.length);
  }

  private static String commonPrefix(Set<String> names) {
    String prefix = "";
    Optional<String> more = Optional.of("");
    while (more.isPresent() && !names.isEmpty()) {
      prefix += more.get();
      String so = prefix;
      more =
          WRAPPERS.stream()
              .filter(word -> names.stream().allMatch(name -> name.startsWith(so + word)))
              .findFirst();
    }
    return prefix;
  }

  private boolean isCounter(String name) {
    return name.endsWith("." + COUNTER) && file.types().get(name) == NumberType.I64;
  }

  /** {@return how the file calls its tensors} */
  public TensorNames names() {
    return names;
  }

  /** {@return how many tensors it has, counters aside} */
  public int tensors() {
    return shapes.size();
  }

  /**
   * {@return the outputs of its final layer}
   *
   * @throws UserError where it has none
   */
  public int classes() {
    List<Integer> bias = shape("fc.bias");
    if (bias.size() != 1) {
      throw misfit("%s has the shape %s, not one of classes".formatted(prefix + "fc.bias", bias));
    }
    return bias.getFirst();
  }

  /**
   * {@return the channels of the images that its first convolution reads}
   *
   * @throws UserError where it has none
   */
  public int channels() {
    return stem().get(1);
  }

  /**
   * {@return the body that its first convolution is of: {@link Body#IMAGENET} for 7×7, else {@link
   * Body#STAGES}, though it may be {@link Body#FLAT} too}
   *
   * @throws UserError where it has none
   */
  public Body body() {
    return stem().getLast() == STEM_OF_IMAGENET ? Body.IMAGENET : Body.STAGES;
  }

  private static final int STEM_OF_IMAGENET = 7;

  private List<Integer> stem() {
    List<Integer> shape = shape("stem.conv.weight");
    if (shape.size() != CONVOLUTION) {
      throw misfit("its first convolution has the shape %s, not OIHW".formatted(shape));
    }
    return shape;
  }

  private List<Integer> shape(String ours) {
    List<Integer> shape = shapes.get(theirs(ours));
    if (shape == null) {
      throw misfit(
          "it has no tensor %s; names are as in our models, or as torchvision's ResNet-18 has them"
              .formatted(theirs(ours)));
    }
    return shape;
  }

  /** {@return the ε of batch normalisation that files with such names usually are trained with} */
  public float usualEpsilon() {
    return names.epsilon();
  }

  /**
   * Reads the tensors of a network. Where they were trained with another ε than our networks have
   * ({@link ConvUnit#EPSILON}), the variances are moved by the difference, and where a variance
   * would fall below 0, γ takes the rest: the outputs stay what they were.
   *
   * @param network the network
   * @param epsilon what was added to variances, above 0
   * @return its weights
   * @throws UserError where tensors are missing, are not the network's, have another shape or hold
   *     what no weight can be; it names the first few of each, with their number
   */
  public Weights of(Architecture network, float epsilon) {
    if (!(epsilon > 0 && Float.isFinite(epsilon))) {
      throw new UserError("batch normalisation's ε is above 0, not " + epsilon);
    }
    requireFit(network);
    Weights weights = Weights.of(network);
    Map<String, FloatBuffer> parts = new LinkedHashMap<>();
    for (Parameter parameter : weights.parameters()) {
      int offset = weights.offset(parameter.name());
      parts.put(
          theirs(parameter.name()),
          FloatBuffer.wrap(weights.values(), offset, parameter.size()).slice());
    }
    try {
      file.read(parts);
    } catch (UserError refused) {
      throw misfit(String.valueOf(refused.getMessage()));
    }
    requireSound(weights);
    if (epsilon != ConvUnit.EPSILON) {
      network.units().forEach(unit -> moveEpsilon(weights, unit, epsilon));
    }
    return weights;
  }

  /**
   * Makes a model that is used as any other. It says of its training no more than the file's name
   * and SHA-256.
   *
   * @param network the network
   * @param classes the classes' names, one for each output
   * @param framing how pictures are cut and resized
   * @param normalization what the network was trained with
   * @param epsilon as in {@link #of}
   * @return the model
   * @throws UserError as {@link #of} does, or where names or normalisation are not the network's
   */
  public Model model(
      Architecture network,
      List<String> classes,
      Framing framing,
      Normalization normalization,
      float epsilon) {
    Map<String, Object> recipe = new LinkedHashMap<>();
    recipe.put("importedFrom", String.valueOf(path.getFileName()));
    recipe.put("sha256", file.sha256());
    recipe.put("epsilon", epsilon);
    Origin unknown =
        new Origin(
            "imported", 0, 0, recipe, Origin.runningVersions(), Optional.empty(), Optional.empty());
    Weights weights = of(network, epsilon);
    try {
      return new Model(network, classes, framing, normalization, unknown, weights);
    } catch (IllegalArgumentException misfit) {
      throw new UserError(Kind.DATA, String.valueOf(misfit.getMessage()), misfit);
    }
  }

  private void requireFit(Architecture network) {
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    List<String> counters = new ArrayList<>();
    Set<String> others = new LinkedHashSet<>(shapes.keySet());
    for (Parameter parameter : network.parameters()) {
      String name = theirs(parameter.name());
      List<Integer> shape = shapes.get(name);
      others.remove(name);
      if (shape == null) {
        missing.add(name);
      } else if (!shape.equals(parameter.shape())) {
        misshaped.add("%s %s, where the network has %s".formatted(name, shape, parameter.shape()));
      } else if (file.types().get(name) == NumberType.I64) {
        counters.add(name);
      }
    }
    List<String> wrong = new ArrayList<>();
    tell(wrong, missing, "missing");
    tell(wrong, misshaped, "of another shape");
    tell(wrong, List.copyOf(others), "none of the network's");
    tell(wrong, counters, "of whole numbers");
    if (!wrong.isEmpty()) {
      throw new UserError(
          Kind.DATA, "%s does not fit %s: %s".formatted(path, network, String.join("; ", wrong)));
    }
  }

  /** Adds a clause such as {@code 5 tensors are missing: a, b, c and 2 more}. */
  private static void tell(List<String> clauses, List<String> names, String what) {
    if (names.isEmpty()) {
      return;
    }
    String first = names.stream().limit(TOLD).collect(Collectors.joining(", "));
    String rest = names.size() > TOLD ? " and %,d more".formatted(names.size() - TOLD) : "";
    clauses.add(
        "%s %s: %s%s"
            .formatted(
                names.size() == 1 ? "1 tensor is" : "%,d tensors are".formatted(names.size()),
                what,
                first,
                rest));
  }

  private void requireSound(Weights weights) {
    List<String> wrong = new ArrayList<>();
    for (Parameter parameter : weights.parameters()) {
      firstUnsound(weights, parameter)
          .ifPresent(value -> wrong.add("%s holds %s".formatted(theirs(parameter.name()), value)));
    }
    List<String> clauses = new ArrayList<>();
    tell(clauses, wrong, "not of finite numbers, with variances from 0 on");
    if (!clauses.isEmpty()) {
      throw misfit(clauses.getFirst());
    }
  }

  private static Optional<Float> firstUnsound(Weights weights, Parameter parameter) {
    int from = weights.offset(parameter.name());
    for (int i = from; i < from + parameter.size(); i++) {
      float value = weights.values()[i];
      if (!parameter.role().allows(value)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private static void moveEpsilon(Weights weights, ConvUnit unit, float epsilon) {
    float[] values = weights.values();
    int gamma = weights.offset(unit.normName(Role.GAMMA));
    int variance = weights.offset(unit.normName(Role.RUNNING_VARIANCE));
    for (int channel = 0; channel < unit.output().channels(); channel++) {
      double square = (double) values[variance + channel] + epsilon;
      if (square >= ConvUnit.EPSILON) {
        values[variance + channel] = (float) (square - ConvUnit.EPSILON);
      } else {
        values[variance + channel] = 0;
        values[gamma + channel] *= (float) Math.sqrt(ConvUnit.EPSILON / square);
      }
    }
  }

  private String theirs(String ours) {
    return prefix + names.of(ours);
  }

  private UserError misfit(String reason) {
    return new UserError(Kind.DAMAGED, "%s is refused: %s".formatted(path, reason));
  }

  @Override
  public void close() {
    file.close();
  }
}
