package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.lab.ClassTables.Examined;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassTablesTest {
  @TempDir Path folder;

  private ClassTables tables() {
    return ClassTables.beside(folder.resolve("report.html")).orElseThrow();
  }

  /** Of a 2 right and 1 taken for b, of b all taken for a, nothing of c. */
  @Test
  void eachClassHasItsCountsAndWhatItIsTakenFor() throws IOException {
    int[][] counts = {{2, 1, 0}, {3, 0, 0}, {0, 0, 0}};
    List<String> names = List.of("a", "b, or \"β\"", "c\nd");
    tables().write(List.of(new Examined("runs/1", names, Examination.counted(counts))));
    assertThat(folder.resolve("report-classes.csv"))
        .hasContent(
            """
            run,class,images,correct,accuracy,taken_for,precision\r
            runs/1,a,3,2,66.67,5,40.00\r
            runs/1,"b, or ""β""\",3,0,0.00,1,0.00\r
            runs/1,"c
            d",0,0,,0,\r
            """);
    assertThat(folder.resolve("report-confusion.csv"))
        .hasContent(
            """
            run,class,taken_for,images\r
            runs/1,a,a,2\r
            runs/1,a,"b, or ""β""\",1\r
            runs/1,"b, or ""β""\",a,3\r
            """);
  }

  /** Of a thousand classes, all right, in two runs. */
  @Test
  void manyClassesMakeNoMillionRows() throws IOException {
    List<String> names = IntStream.range(0, 1_000).mapToObj("n%04d"::formatted).toList();
    int[][] counts = new int[1_000][1_000];
    IntStream.range(0, 1_000).forEach(label -> counts[label][label] = label + 1);
    Examination all = Examination.counted(counts);
    tables().write(List.of(new Examined("a", names, all), new Examined("b", names, all)));
    assertThat(Files.readAllLines(folder.resolve("report-confusion.csv")))
        .hasSize(2_001)
        .contains("a,n0999,n0999,1000", "b,n0000,n0000,1");
    assertThat(Files.readAllLines(folder.resolve("report-classes.csv")))
        .hasSize(2_001)
        .contains("b,n0499,500,500,100.00,500,100.00");
  }

  @Test
  void theyAreNamedAfterThePage() {
    assertThat(ClassTables.beside(folder.resolve("both.v2.html")))
        .contains(
            new ClassTables(
                folder.resolve("both.v2-classes.csv"), folder.resolve("both.v2-confusion.csv")));
    assertThat(ClassTables.beside(Path.of("page")))
        .contains(new ClassTables(Path.of("page-classes.csv"), Path.of("page-confusion.csv")));
    assertThat(ClassTables.beside(Path.of(".html")))
        .contains(new ClassTables(Path.of(".html-classes.csv"), Path.of(".html-confusion.csv")));
    assertThat(ClassTables.beside(Path.of("/dev/null"))).isEmpty();
  }

  @Test
  void thatTheyCannotBeWrittenIsSaidBefore() throws IOException {
    Files.createDirectory(folder.resolve("report-confusion.csv"));
    assertThatThrownBy(() -> tables().requireWritable())
        .isInstanceOf(UserError.class)
        .hasMessage("%s cannot be written: it is a folder", folder.resolve("report-confusion.csv"));
    assertThat(folder.resolve("report-classes.csv")).doesNotExist();
  }
}
