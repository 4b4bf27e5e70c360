package org.igcnet.files;

import java.nio.file.Path;
import java.util.List;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A format of files that hold one record with the components {@code format} and {@code version}. An
 * older file is brought up to the present version on its tree, and then read as strictly as any.
 *
 * @param <T> the record
 * @param name what the component {@code format} says
 * @param type the record
 * @param upgrades the n-th makes version n + 1 of version n: it adds the fields that are new, with
 *     what they were before there was a word for them
 */
public record DocumentFormat<T>(String name, Class<T> type, List<Upgrade> upgrades) {
  private static final String FORMAT = "format";
  private static final String VERSION = "version";

  /** A step from one version to the next. */
  @FunctionalInterface
  public interface Upgrade {
    /**
     * Changes a document but for its version.
     *
     * @param document of the version before
     * @throws UserError where the document is none of the older version
     */
    void apply(ObjectNode document);
  }

  /** Copies the upgrades. */
  public DocumentFormat {
    upgrades = List.copyOf(upgrades);
  }

  /** {@return the present version, which is written} */
  public int version() {
    return upgrades.size() + 1;
  }

  /**
   * Reads a file that {@link JsonDocument#document} made.
   *
   * @param file the file
   * @return what the file says
   * @throws UserError where the file is missing, is none of this format, is of a later version, or
   *     says what a record of that type refuses
   */
  public T read(Path file) {
    return read(file.toString(), JsonDocument.text(file, JsonDocument.LARGEST));
  }

  /**
   * Reads a file's text.
   *
   * @param where the file, for refusals
   * @param text its whole text
   * @return what the file says
   * @throws UserError as {@link #read(Path)}
   */
  public T read(String where, String text) {
    JsonNode tree = JsonDocument.tree(where, text);
    if (!(tree instanceof ObjectNode document)
        || !document.path(FORMAT).asString("").equals(name)) {
      throw new UserError(
          Kind.DAMAGED, "%s is no file of the format \"%s\"".formatted(where, name));
    }
    int found = new FileFormat(name, version()).version(where, document.path(VERSION).toString());
    for (Upgrade upgrade : upgrades.subList(found - 1, upgrades.size())) {
      upgrade.apply(document);
    }
    document.put(VERSION, version());
    return JsonDocument.bind(where, document, type);
  }

  /**
   * {@return an object within a document, for upgrades}
   *
   * @param document the document
   * @param name of the object
   * @throws UserError where there is none of that name
   */
  public static ObjectNode within(ObjectNode document, String name) {
    if (document.path(name) instanceof ObjectNode inner) {
      return inner;
    }
    throw new UserError(Kind.DAMAGED, "\"%s\" is missing".formatted(name));
  }
}
