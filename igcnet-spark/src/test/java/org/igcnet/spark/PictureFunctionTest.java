package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.igcnet.UserError;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFunctionTest {
  private static final SparkSession SPARK = LocalSpark.SESSION;

  private final Model model = Models.small(1);

  @TempDir Path folder;

  /** Three pictures, and a file that is none. */
  private Path pictures() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    for (int i = 0; i < 3; i++) {
      Files.write(pictures.resolve("%d.png".formatted(i)), Models.png(40, 40, i));
    }
    Files.writeString(pictures.resolve("3.png"), "hello");
    return pictures;
  }

  @Test
  void sqlAsksAModelInAFolder() throws IOException {
    Path pictures = pictures();
    ModelFolder.write(folder.resolve("model"), model);
    PictureFunction.register(SPARK, "what_is", folder.resolve("model").toString());
    SPARK.read().format("binaryFile").load(pictures.toString()).createOrReplaceTempView("pictures");
    List<Row> rows =
        SPARK
            .sql(
                "SELECT shown.label, shown.probability, shown.problem FROM"
                    + " (SELECT path, what_is(content) AS shown FROM pictures) ORDER BY path")
            .collectAsList();
    try (ImageClassifier library = ImageClassifier.of(model)) {
      for (int i = 0; i < 3; i++) {
        Labels labels = library.classify(pictures.resolve("%d.png".formatted(i)));
        assertThat(rows.get(i).getString(0)).isEqualTo(labels.best().name());
        assertThat(rows.get(i).getDouble(1)).isEqualTo(labels.best().probability());
      }
    }
    assertThat(rows.get(3).isNullAt(0)).isTrue();
    assertThat(rows.get(3).getString(2)).contains("is no picture");
  }

  @Test
  void itTakesNamesImagesAndNulls() throws IOException {
    Path pictures = pictures();
    PictureFunction.register(SPARK, "named", model);
    String file = pictures.resolve("1.png").toString();
    SPARK.read().format("image").load(file).createOrReplaceTempView("images");
    Row row =
        SPARK
            .sql(
                "SELECT named('%s'), named(image), named(CAST(NULL AS BINARY)).problem FROM images"
                    .formatted(file))
            .first();
    assertThat(row.getStruct(0)).isEqualTo(row.getStruct(1));
    assertThat(row.getStruct(0).getString(0)).isIn(Models.CLASSES);
    assertThat(row.getString(2)).isEqualTo("there is no picture, but a null");
  }

  @Test
  void itIsCalledWithoutSqlToo() {
    PictureFunction function = PictureFunction.of(SPARK, model);
    byte[] file = Models.png(40, 40, 5);
    try (ImageClassifier library = ImageClassifier.of(model)) {
      assertThat(function.call(file).getString(0)).isEqualTo(library.classify(file).best().name());
    }
    assertThat(PictureFunction.type().fieldNames())
        .containsExactly("label", "probability", "probabilities", "problem");
  }

  @Test
  void aValueOfAnotherTypeFailsTheQuery() {
    PictureFunction.registerPretrained(SPARK, "trained", "igc-l24m2-d8-cifar10");
    Dataset<Row> wrong = SPARK.sql("SELECT trained(17).label");
    assertThatThrownBy(wrong::collectAsList)
        .hasStackTraceContaining("a value of java.lang.Integer is no picture");
  }

  @Test
  void aFolderWithoutAModelIsRefused() {
    assertThatThrownBy(() -> PictureFunction.register(SPARK, "none", folder.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no trained model");
  }
}
