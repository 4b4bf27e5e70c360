import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gives each parser inputs that Jazzer makes up, in a process of its own, as many at a time as
 * there are cores. Each begins with the inputs that are kept in {@code src/test/resources/fuzz} and
 * with what earlier runs found new, in {@code target/fuzz}.
 *
 * <p>Usage: {@code java build/Fuzz.java SECONDS PART FOLDER CLASSPATH}, where PART is part of the
 * names of those to run and FOLDER the repository.
 */
public class Fuzz {
  /** Megabytes for the parser, its input and Jazzer itself. */
  private static final int HEAP = 256;

  /** Seconds that one input may take. */
  private static final int SLOWEST = 60;

  private static final int LARGEST_INPUT = 1 << 14;
  private static final List<String> MODULES = List.of("igcnet-core", "igcnet-lab");
  private static final String INSTRUMENTED =
      "org.igcnet.**:us.hebi.**:org.apache.commons.compress.archivers.**:com.twelvemonkeys.**:tools.jackson.core.**";
  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");
  private static final Pattern INPUTS = Pattern.compile("stat::number_of_executed_units: (\\d+)");

  private final int seconds;
  private final Path root;
  private final String classPath;

  private Fuzz(int seconds, Path root, String classPath) {
    this.seconds = seconds;
    this.root = root;
    this.classPath = classPath;
  }

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[2]).toAbsolutePath();
    Fuzz fuzz = new Fuzz(Integer.parseInt(args[0]), root, args[3]);
    List<String> fuzzers = fuzz.fuzzers().filter(name -> name.contains(args[1])).toList();
    int cores = Runtime.getRuntime().availableProcessors();
    try (var pool = Executors.newFixedThreadPool(cores)) {
      List<Callable<Boolean>> runs = new ArrayList<>();
      fuzzers.forEach(name -> runs.add(() -> fuzz.finds(name)));
      boolean found = false;
      for (var run : pool.invokeAll(runs)) {
        found |= run.get();
      }
      System.exit(found ? 1 : 0);
    }
  }

  /** The classes that run a parser, by their full names. */
  private Stream<String> fuzzers() {
    return MODULES.stream()
        .map(module -> root.resolve(module).resolve("src/test/resources/fuzz").toFile())
        .flatMap(kept -> Stream.of(kept.list()))
        .sorted();
  }

  /** Whether one of them found an input that its parser meets badly. */
  private boolean finds(String fuzzer) throws IOException, InterruptedException {
    Path folder = root.resolve("target/fuzz").resolve(fuzzer);
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command(fuzzer, corpus))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    // Jazzer ends by itself; what hangs in it does not.
    boolean ended = process.waitFor(seconds + 300L, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    boolean found = !ended || process.exitValue() != 0;
    String text = Files.readString(log);
    System.out.printf(
        "%s: %s inputs, coverage %s%s%n",
        fuzzer,
        last(INPUTS, text),
        last(COVERAGE, text),
        !ended
            ? ", and did NOT END: see " + log
            : found ? ", and FOUND what " + log + " tells of" : "");
    return found;
  }

  private static String last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    String last = "no";
    while (matcher.find()) {
      last = matcher.group(1);
    }
    return last;
  }

  private List<String> command(String fuzzer, Path corpus) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("build/jvm.options"),
                "-Xmx%dm".formatted(HEAP),
                "-XX:-UseG1GC",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                classPath + File.pathSeparator + root.resolve("igcnet-core/target/test-classes"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + fuzzer,
                "--instrumentation_includes=" + INSTRUMENTED,
                "--custom_hook_includes=org.igcnet.**",
                // It fails itself where the reader of MATLAB files uses sun.misc.Unsafe.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
                "-max_total_time=" + seconds,
                "-timeout=" + SLOWEST,
                "-max_len=" + LARGEST_INPUT,
                "-print_final_stats=1",
                corpus.toString()));
    MODULES.stream()
        .map(module -> root.resolve(module).resolve("src/test/resources/fuzz").resolve(fuzzer))
        .filter(Files::isDirectory)
        .forEach(kept -> command.add(kept.toString()));
    return command;
  }
}
