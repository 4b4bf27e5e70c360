package org.igcnet.model;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.util.List;
import org.igcnet.Hostile;
import org.igcnet.files.JsonDocument;

/** Cards of trained networks, beside a sound index. See {@link Hostile}. */
public final class ModelCardFuzzer {
  private static final String NAME = "igc-l4m2-d5-shapes";
  private static final byte[] INDEX = JsonDocument.document(ShelfIndex.of(List.of(NAME)));

  private ModelCardFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        ModelCard.FILE,
        input,
        folder -> {
          ModelShelf shelf =
              file ->
                  file.equals(ShelfIndex.FILE)
                      ? new ByteArrayInputStream(INDEX)
                      : Files.newInputStream(folder.resolve(ModelCard.FILE));
          List.copyOf(Pretrained.named(NAME, List.of(shelf)).card().classes());
        });
  }
}
