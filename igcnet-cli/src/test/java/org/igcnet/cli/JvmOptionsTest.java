package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JVM's flags stand in one place. */
class JvmOptionsTest {
  @Test
  void theTestsRunWithThem() throws IOException {
    assertThat(JvmOptions.flags()).contains("--add-modules=jdk.incubator.vector").hasSize(7);
    assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments())
        .containsAll(JvmOptions.flags());
  }

  @Test
  void noOtherFileHasACopy() throws IOException {
    List<String> flags = JvmOptions.flags();
    List<Path> files = sources();
    assertThat(files)
        .contains(JvmOptions.HOME.resolve("igcnet-core/pom.xml"))
        .hasSizeGreaterThan(200);
    for (Path file : files) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain(flags);
    }
  }

  /** What starts a JVM: the launcher, scripts, build files and programs. */
  private static List<Path> sources() throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(JvmOptions.HOME.resolve("igcnet"));
    files.add(JvmOptions.HOME.resolve("pom.xml"));
    files.addAll(filesBelow(JvmOptions.HOME.resolve("build")));
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(JvmOptions.HOME, "igcnet-*")) {
      for (Path module : modules) {
        files.add(module.resolve("pom.xml"));
        Path main = module.resolve("src/main/java");
        if (Files.exists(main)) {
          files.addAll(filesBelow(main));
        }
      }
    }
    files.remove(JvmOptions.FILE);
    return files;
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
