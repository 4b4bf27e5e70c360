package org.igcnet.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.igcnet.files.WholeFile;

/**
 * A folder of this machine's disk that nobody else knows, and that goes when it is closed.
 *
 * @param folder below the system's folder for such
 */
record Scratch(Path folder) implements AutoCloseable {
  /** {@return a new one, with nothing in it} */
  static Scratch create() {
    try {
      return new Scratch(Files.createTempDirectory("igcnet-"));
    } catch (IOException e) {
      throw WholeFile.unwritable(Path.of(System.getProperty("java.io.tmpdir", "")), e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw WholeFile.unwritable(folder, e);
    }
  }
}
