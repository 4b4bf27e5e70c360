package org.igcnet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Another build of this program, whose engine is a contender too.
 *
 * @param jar its {@code igcnet-bench.jar}, with the libraries that its manifest names
 */
record OlderBuild(Path jar) {
  private static final String WORKER = Conversation.MAIN_CLASS.replace('.', '/') + ".class";

  /**
   * Looks whether a jar is one.
   *
   * @throws UserError where it is not
   */
  static OlderBuild of(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.getEntry(WORKER) == null) {
        throw new UserError(
            "%s holds no %s; it must be the igcnet-bench.jar of a build"
                .formatted(jar, Conversation.MAIN_CLASS));
      }
      for (String library : libraries(file.getManifest())) {
        if (!Files.exists(Path.of(jar.toUri().resolve(library)))) {
          throw new UserError(
              "%s needs %s beside it, which is missing; a copy of the jar needs one of its libraries too"
                  .formatted(jar, library));
        }
      }
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be read: %s; it must be the igcnet-bench.jar of a build"
              .formatted(jar, Reason.of(e)),
          e);
    }
    return new OlderBuild(jar);
  }

  /** The addresses of the libraries, as seen from the jar. */
  private static List<String> libraries(@Nullable Manifest manifest) {
    String named =
        manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
    return named == null
        ? List.of()
        : Stream.of(named.split(" ")).filter(n -> !n.isEmpty()).toList();
  }
}
