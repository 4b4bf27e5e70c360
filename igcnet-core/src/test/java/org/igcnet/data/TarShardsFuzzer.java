package org.igcnet.data;

import org.igcnet.Hostile;

/** Tar files of pictures. See {@link Hostile}. */
public final class TarShardsFuzzer {
  private TarShardsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        "train.tar",
        input,
        folder -> {
          PictureSource pictures =
              TarShards.parts(folder, Known.NOTHING, WorkListener.SILENT).train().orElseThrow();
          for (int i = 0; i < pictures.size(); i++) {
            pictures.bytes(i);
          }
          pictures.name(pictures.size() - 1);
        });
  }
}
