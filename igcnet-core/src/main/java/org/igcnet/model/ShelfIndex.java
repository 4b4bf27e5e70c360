package org.igcnet.model;

import java.util.HashSet;
import java.util.List;
import org.igcnet.UserError;
import org.igcnet.files.DocumentFormat;

/**
 * The file {@value #FILE} of a shelf: the names of its networks, each of which is a folder beside
 * it.
 */
record ShelfIndex(String format, int version, List<String> names) {
  static final String FILE = "index.json";

  static final DocumentFormat<ShelfIndex> FORMAT =
      new DocumentFormat<>("igcnet-models", ShelfIndex.class, List.of());

  ShelfIndex {
    names = List.copyOf(names);
    names.forEach(ModelCard::requireName);
    if (new HashSet<>(names).size() != names.size()) {
      throw new UserError("a name is there twice among %s".formatted(names));
    }
  }

  static ShelfIndex of(List<String> names) {
    return new ShelfIndex(FORMAT.name(), FORMAT.version(), names);
  }
}
