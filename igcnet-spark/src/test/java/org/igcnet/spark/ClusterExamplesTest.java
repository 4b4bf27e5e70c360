package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.igcnet.train.Training;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java examples of `docs/cluster.md`, line by line. */
class ClusterExamplesTest {
  private final SparkSession spark = LocalSpark.SESSION;

  @TempDir Path temporary;

  @Test
  void everyExampleOfTheDocumentIsHere() throws IOException {
    String code =
        bare(
            Files.readString(
                Path.of("src/test/java/org/igcnet/spark", "ClusterExamplesTest.java")));
    String[] parts = Files.readString(Path.of("../docs/cluster.md")).split("```", -1);
    int examples = 0;
    for (int i = 1; i < parts.length; i += 2) {
      if (parts[i].startsWith("java\n")) {
        assertThat(code).contains(bare(parts[i].substring("java\n".length())));
        examples++;
      }
    }
    assertThat(examples).isPositive();
  }

  private static String bare(String text) {
    return text.replaceAll("\\s+", "");
  }

  @Test
  void workersShareATraining() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(this.spark.sparkContext());
    Path folder = temporary;
    Path pictures = Runs.pictures(folder.resolve("pictures"));
    Path run = folder.resolve("run");
    Training.of("IGC-L4M2")
        .depth(8)
        .data("folder:" + pictures)
        .epochs(2)
        .recipe(recipe -> recipe.withBatch(64, 16))
        .into(run)
        .close();
    Outcome outcome =
        SparkTraining.of(spark, run.toUri().toString(), SparkTraining.Settings.of(4))
            .train(TrainingListener.SILENT);
    assertThat(outcome.last().epoch()).isEqualTo(2);
  }

  @Test
  void picturesAreScored() throws IOException {
    Files.write(temporary.resolve("a.png"), Models.png(40, 40, 1));
    Files.writeString(temporary.resolve("b.png"), "hello");
    String folder = temporary.toString();
    Dataset<Row> pictures = spark.read().format("binaryFile").load(folder);
    PictureClassifier classifier = PictureClassifier.pretrained("igc-l24m2-d8-cifar10");
    Dataset<Row> scored = classifier.transform(pictures);
    scored.select("path", "answer.label", "answer.probability", "answer.problem").show();
    assertThat(scored.filter("answer.problem LIKE '%is no picture%'").count()).isEqualTo(1);
    assertThat(scored.filter("answer.label IS NOT NULL").count()).isEqualTo(1);
  }
}
