package org.igcnet.files;

import org.igcnet.Hostile;

/** Files of tensors. See {@link Hostile}. */
public final class SafetensorsFuzzer {
  private SafetensorsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        "model.safetensors",
        input,
        folder -> Safetensors.read(folder.resolve("model.safetensors")));
  }
}
