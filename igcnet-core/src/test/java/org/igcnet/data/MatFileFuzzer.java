package org.igcnet.data;

import org.igcnet.Hostile;

/** MATLAB files. See {@link Hostile}. */
public final class MatFileFuzzer {
  private MatFileFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        "train_32x32.mat",
        input,
        folder -> {
          MatFile read = MatFile.read(folder.resolve("train_32x32.mat"), WorkListener.SILENT);
          read.read(read.size() - 1, new byte[MatFile.IMAGE]);
        });
  }
}
