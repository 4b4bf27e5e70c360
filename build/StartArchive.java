import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Makes the archive of classes from which the launcher starts the program: read, checked and linked
 * beforehand. It fits one build of the program and one JDK, the one that runs this.
 *
 * <pre>
 *   java build/StartArchive.java igcnet-cli/target/igcnet-cli.jar build/jvm.options igcnet-cli/target/igcnet-cli.jsa
 * </pre>
 *
 * <p>The JVM says which classes some short commands load, and then writes them down. An AOT cache
 * (JEP 483) would hold profiles too, but none of picocli's classes, as they are in an old format:
 * it saves half as much time.
 */
final class StartArchive {
  private static final int LIMIT_SECONDS = 120;

  private final Path jar;
  private final Path options;
  private final Path work;

  private StartArchive(Path jar, Path options, Path work) {
    this.jar = jar;
    this.options = options;
    this.work = work;
  }

  public static void main(String[] words) throws IOException, InterruptedException {
    if (words.length != 3) {
      System.err.println("usage: java build/StartArchive.java JAR JVM-OPTIONS ARCHIVE");
      System.exit(2);
    }
    Path archive = Path.of(words[2]).toAbsolutePath();
    Path work = Files.createTempDirectory(archive.getParent(), "archive");
    try {
      Path made = new StartArchive(Path.of(words[0]), Path.of(words[1]), work).make();
      Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(work);
    }
  }

  private Path make() throws IOException, InterruptedException {
    String run = work.resolve("run").toString();
    Path pictures = work.resolve("pictures");
    String picture = draw(pictures.resolve("one")).toString();
    draw(pictures.resolve("other"));
    String data = "folder:" + pictures;
    Set<String> classes = new LinkedHashSet<>();
    for (List<String> command :
        List.of(
            List.of("--help"),
            List.of("summary", "IGC-L4M2", "--depth", "8"),
            List.of(
                "train", "IGC-L4M2", "--depth", "5", "--epochs", "1", "--data", data, "--out", run),
            List.of("predict", run, picture))) {
      classes.addAll(loaded(List.of(), command));
    }
    classes.addAll(
        loaded(
            List.of("-Digcnet.vectors.unwanted=true"),
            List.of("predict", "--pretrained", "igc-l24m2-d8-cifar10", picture)));
    Path list = Files.write(work.resolve("classes"), classes);
    Path archive = work.resolve("archive");
    java(
        List.of(
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + archive,
            "-cp",
            jar.toString()));
    return archive;
  }

  /** Draws eight pictures of a class, and gives one. */
  private static Path draw(Path folder) throws IOException {
    Files.createDirectories(folder);
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 8; i++) {
      image.setRGB(i, i, Color.WHITE.getRGB());
      ImageIO.write(image, "jpg", folder.resolve(i + ".jpg").toFile());
    }
    return folder.resolve("0.jpg");
  }

  /**
   * The classes that a command loads, in the JVM's words. What it resolved in them is left out:
   * that would link picocli's classes, which can be archived only as long as they are not.
   */
  private List<String> loaded(List<String> flags, List<String> command)
      throws IOException, InterruptedException {
    Path list = work.resolve("loaded");
    List<String> words = new ArrayList<>(List.of("-XX:DumpLoadedClassList=" + list));
    words.addAll(flags);
    words.addAll(List.of("-jar", jar.toString()));
    words.addAll(command);
    java(words);
    try (Stream<String> lines = Files.lines(list)) {
      return lines
          .filter(line -> !resolves(line))
          .map(line -> line.replaceFirst(" id: .*", ""))
          .toList();
    }
  }

  private static boolean resolves(String line) {
    return line.startsWith("@cp") || (line.startsWith("@lambda-proxy") && line.contains("picocli"));
  }

  /** Runs this JDK with the program's own flags; what it says is shown where it fails. */
  private void java(List<String> words) throws IOException, InterruptedException {
    Path said = work.resolve("said");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + options);
    command.addAll(words);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() != 0) {
      throw new IOException("%s failed: %s".formatted(command, Files.readString(said)));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
