package org.igcnet.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.igcnet.Hostile;

/** Archives that are fetched: the tar in them. See {@link Hostile}. */
public final class ArchiveFuzzer {
  private static final int MOST_BYTES = 1 << 20;

  private ArchiveFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file("set.tar.gz", compressed(input), ArchiveFuzzer::unpack);
  }

  private static void unpack(Path folder) {
    Path unpacked = folder.resolve("set");
    try {
      Archive.unpack(folder.resolve("set.tar.gz"), "it", "set", folder, MOST_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (Files.exists(unpacked)) {
        Hostile.delete(unpacked);
      }
    }
  }

  private static byte[] compressed(byte[] tar) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
