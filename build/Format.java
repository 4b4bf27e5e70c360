import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or mends the layout of every Java source below a folder with google-java-format.
 *
 * <p>It is a program of its own because the formatter parses with the compiler of the JDK that runs
 * it: Maven may run on an older one than the sources need.
 *
 * <p>Usage: {@code java -cp google-java-format.jar build/Format.java check|fix FOLDER}
 */
public class Format {
  public static void main(String[] args) throws Exception {
    boolean fix = args[0].equals("fix");
    List<Path> differing = new ArrayList<>();
    for (Path source : sources(Path.of(args[1]))) {
      String text = Files.readString(source);
      String wanted = format(text);
      if (text.equals(wanted)) {
        continue;
      }
      differing.add(source);
      if (fix) {
        Files.writeString(source, wanted);
      }
    }
    differing.forEach(
        source -> System.err.println((fix ? "formatted " : "not formatted: ") + source));
    if (!fix && !differing.isEmpty()) {
      System.err.println("Mend with: mvn -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !folder.relativize(file).toString().contains("target"))
          .sorted()
          .toList();
    }
  }

  private static String format(String text) throws Exception {
    return new Formatter()
        .formatSource(
            RemoveUnusedImports.removeUnusedImports(
                ImportOrderer.reorderImports(text, Style.GOOGLE)));
  }
}
