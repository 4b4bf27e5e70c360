package org.igcnet.data;

import org.igcnet.Hostile;
import org.igcnet.arch.ImageShape;

/** Pictures. See {@link Hostile}. */
public final class PictureFuzzer {
  private PictureFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        "picture",
        input,
        folder ->
            Picture.of(folder.resolve("picture")).fitted(ImageShape.CIFAR, Framing.PHOTOGRAPH));
  }
}
