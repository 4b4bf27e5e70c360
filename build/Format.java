import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  public static void main(String[] args) throws IOException {
    boolean fix = args[0].equals("fix");
    List<Path> differing =
        sources(Path.of(args[1])).parallelStream().filter(source -> differs(source, fix)).toList();
    differing.forEach(
        source -> System.err.println((fix ? "formatted " : "not formatted: ") + source));
    if (!fix && !differing.isEmpty()) {
      System.err.println("Mend with: mvn -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }

  private static boolean differs(Path source, boolean fix) {
    try {
      String text = Files.readString(source);
      String wanted = format(text);
      boolean differs = !text.equals(wanted);
      if (differs && fix) {
        Files.writeString(source, wanted);
      }
      return differs;
    } catch (IOException e) {
      throw new UncheckedIOException(source.toString(), e);
    } catch (FormatterException e) {
      throw new IllegalArgumentException(source.toString(), e);
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

  private static String format(String text) throws FormatterException {
    return new Formatter()
        .formatSource(
            RemoveUnusedImports.removeUnusedImports(
                ImportOrderer.reorderImports(text, Style.GOOGLE)));
  }
}
