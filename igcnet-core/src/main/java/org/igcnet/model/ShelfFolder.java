package org.igcnet.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.igcnet.UserError;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.Sha256;
import org.igcnet.files.WholeFile;

/** A shelf of trained networks as a folder, of which a jar is made. See {@link ModelShelf}. */
public final class ShelfFolder {
  private ShelfFolder() {}

  /**
   * Puts a network on the shelf, in place of one of the same name that may be there.
   *
   * @param shelf made where it does not exist
   * @param name what the network will be asked for by
   * @param model the network
   * @param training how it was trained
   * @param score how well it does
   * @param licence whose the weights are, and what the owners of the data say
   * @return its card
   * @throws UserError where the name cannot be one, or a file cannot be written
   */
  public static ModelCard put(
      Path shelf,
      String name,
      Model model,
      ModelCard.Training training,
      ModelCard.Score score,
      String licence) {
    ModelCard.requireName(name);
    Path folder = shelf.resolve(name);
    ModelFolder.write(folder, model);
    ModelCard card =
        ModelCard.of(
            name,
            model,
            training,
            score,
            stored(folder.resolve(ModelFolder.WEIGHTS)),
            stored(folder.resolve(ModelFolder.DESCRIPTION)),
            licence);
    write(folder.resolve(ModelCard.FILE), card);
    index(shelf, name);
    return card;
  }

  private static void index(Path shelf, String name) {
    Path file = shelf.resolve(ShelfIndex.FILE);
    List<String> names = new ArrayList<>();
    if (Files.exists(file)) {
      names.addAll(ShelfIndex.FORMAT.read(file).names());
    }
    if (!names.contains(name)) {
      names.add(name);
      write(file, ShelfIndex.of(names));
    }
  }

  private static void write(Path file, Object document) {
    WholeFile.write(file, out -> out.write(JsonDocument.document(document)));
  }

  private static ModelCard.Stored stored(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return new ModelCard.Stored(bytes.length, Sha256.of(bytes));
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }
}
