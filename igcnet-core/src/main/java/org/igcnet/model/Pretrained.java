package org.igcnet.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.files.Sha256;

/**
 * A trained network that comes in a jar, such as {@code org.igcnet:igcnet-models}. Its weights are
 * read when they are asked for, and its files are what its card says, or refused.
 *
 * <pre>{@code
 * Model model = Pretrained.named("igc-l24m2-d8-cifar10").model();
 * }</pre>
 */
public final class Pretrained {
  /** Many times what a card or an index needs. */
  private static final int LARGEST_TEXT = 1 << 20;

  private final ModelShelf shelf;
  private final ModelCard card;

  private Pretrained(ModelShelf shelf, String name) {
    this.shelf = shelf;
    String file = name + "/" + ModelCard.FILE;
    this.card = ModelCard.FORMAT.read(file, text(shelf, file));
    if (!card.name().equals(name)) {
      throw new UserError(
          Kind.DAMAGED, "%s is the card of another network, %s".formatted(file, card.name()));
    }
  }

  /**
   * {@return all trained networks that there are; none where no jar with such is on the class path
   * or the module path} No weights are read.
   *
   * @throws UserError where a jar's index or a card is damaged
   */
  public static List<Pretrained> all() {
    return all(shelves());
  }

  /**
   * {@return the trained network with a name}
   *
   * @param name as {@link ModelCard#name} says it
   * @throws UserError where there is none of that name, or more than one, or its card is damaged
   */
  public static Pretrained named(String name) {
    return named(name, shelves());
  }

  static List<Pretrained> all(List<ModelShelf> shelves) {
    List<Pretrained> all = new ArrayList<>();
    for (ModelShelf shelf : shelves) {
      names(shelf).forEach(name -> all.add(new Pretrained(shelf, name)));
    }
    return List.copyOf(all);
  }

  static Pretrained named(String name, List<ModelShelf> shelves) {
    List<String> known = new ArrayList<>();
    List<ModelShelf> having = new ArrayList<>();
    for (ModelShelf shelf : shelves) {
      List<String> names = names(shelf);
      known.addAll(names);
      if (names.contains(name)) {
        having.add(shelf);
      }
    }
    return switch (having.size()) {
      case 1 -> new Pretrained(having.getFirst(), name);
      case 0 -> throw unknown(name, known);
      default -> throw ambiguous(name, having);
    };
  }

  private static UserError unknown(String name, List<String> known) {
    return known.isEmpty()
        ? new UserError(
            Kind.MISSING,
            "there is no trained network \"%s\" on the class path or the module path, nor any other; they come with the artifact org.igcnet:igcnet-models"
                .formatted(name))
        : new UserError(
            "there is no trained network \"%s\"; there are %s"
                .formatted(name, String.join(", ", known)));
  }

  private static UserError ambiguous(String name, List<ModelShelf> having) {
    return new UserError(
        "there are %d trained networks \"%s\", of %s; only one of these jars can stay"
            .formatted(
                having.size(),
                name,
                having.stream()
                    .map(shelf -> shelf.getClass().getName())
                    .collect(Collectors.joining(" and "))));
  }

  private static List<ModelShelf> shelves() {
    return ServiceLoader.load(ModelShelf.class, ModelShelf.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  private static List<String> names(ModelShelf shelf) {
    return ShelfIndex.FORMAT.read(ShelfIndex.FILE, text(shelf, ShelfIndex.FILE)).names();
  }

  /** {@return what is to be known of it} */
  public ModelCard card() {
    return card;
  }

  /**
   * Reads the network.
   *
   * @return the network, with weights of its own
   * @throws UserError where a file is not the one that the card tells of
   */
  public Model model() {
    byte[] description = checked(ModelFolder.DESCRIPTION, card.description());
    byte[] weights = checked(ModelFolder.WEIGHTS, card.weights());
    return ModelFolder.read(
        new ByteArrayInputStream(description), new ByteArrayInputStream(weights));
  }

  private byte[] checked(String file, ModelCard.Stored stored) {
    byte[] bytes = bytes(shelf, card.name() + "/" + file, stored.bytes());
    String sha256 = Sha256.of(bytes);
    if (!sha256.equals(stored.sha256())) {
      throw new UserError(
          Kind.DAMAGED,
          "the trained network %s is damaged: the SHA-256 of its %s is %s, and should be %s"
              .formatted(card.name(), file, sha256, stored.sha256()));
    }
    return bytes;
  }

  private static String text(ModelShelf shelf, String file) {
    return new String(bytes(shelf, file, LARGEST_TEXT), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ModelShelf shelf, String file, long most) {
    try (InputStream in = shelf.open(file)) {
      byte[] bytes = in.readNBytes((int) Math.min(most, Integer.MAX_VALUE - 64));
      if (in.read() >= 0) {
        throw new UserError(
            Kind.DAMAGED,
            "%s of the trained networks has more bytes than it should (%,d)".formatted(file, most));
      }
      return bytes;
    } catch (IOException e) {
      throw new UserError(
          Kind.DAMAGED, "%s of the trained networks cannot be read".formatted(file), e);
    }
  }
}
