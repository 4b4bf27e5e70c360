package org.igcnet.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * This program's jars, which executors need: those of the class path that bring their libraries
 * along in their manifest, and this module's own. Spark's are on every machine.
 */
final class ProgramJars {
  /** Ties SLF4J to a log that a cluster does not have. */
  private static final String OWN_LOG = "slf4j-";

  private ProgramJars() {}

  /** {@return their paths on this machine} */
  static List<String> all() {
    return on(System.getProperty("java.class.path", ""));
  }

  /** Those of a class path. */
  static List<String> on(String classPath) {
    List<String> jars = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      String name = String.valueOf(jar.getFileName());
      if (name.startsWith("igcnet-") && name.endsWith(".jar") && Files.exists(jar)) {
        jars.add(jar.toAbsolutePath().toString());
        jars.addAll(libraries(jar.toAbsolutePath()));
      }
    }
    return jars;
  }

  /** What a jar's manifest names that is there. */
  private static List<String> libraries(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String names =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      List<String> libraries = new ArrayList<>();
      for (String name : names == null ? new String[0] : names.split(" ", -1)) {
        Path library = jar.resolveSibling(name);
        if (Files.isRegularFile(library) && !library.getFileName().toString().startsWith(OWN_LOG)) {
          libraries.add(library.toString());
        }
      }
      return libraries;
    } catch (IOException damaged) {
      return List.of();
    }
  }
}
