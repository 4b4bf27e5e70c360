package org.igcnet.spark;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.igcnet.backend.Compute;
import org.igcnet.data.Picture;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Model;
import org.igcnet.model.Pretrained;

/**
 * How many pictures a second Spark scores, and the library alone, by turns on as many threads: the
 * test images of CIFAR-10 as PNG, for Spark in Parquet files, for the library in memory. {@code
 * build/spark-scoring} runs it.
 */
final class ScoringSpeed {
  private static final int SIDE = 32;
  private static final int PIXELS = SIDE * SIDE;

  /** A label, then red, green and blue. */
  private static final int RECORD = 1 + 3 * PIXELS;

  private static final PrintStream OUT = System.out;

  private final List<byte[]> files;
  private final ImageClassifier library;
  private final PictureClassifier classifier;
  private final Dataset<Row> table;

  private ScoringSpeed(
      List<byte[]> files, ImageClassifier library, Model model, Dataset<Row> table) {
    this.files = files;
    this.library = library;
    this.classifier = PictureClassifier.of(model);
    this.table = table;
    table.createOrReplaceTempView("pictures");
    PictureFunction.register(table.sparkSession(), "what_is", model);
  }

  public static void main(String[] words) throws IOException {
    int rounds = words.length > 1 ? Integer.parseInt(words[1]) : 5;
    int threads = words.length > 2 ? Integer.parseInt(words[2]) : 2;
    Model model = Pretrained.named(words.length > 3 ? words[3] : "igc-l24m2-d8-cifar10").model();
    List<byte[]> files = files(Path.of(words[0]));
    Path folder = Files.createTempDirectory("scoring");
    try (SparkSession spark = session(threads);
        ImageClassifier library = ImageClassifier.of(model, Compute.threads(threads))) {
      String stored = folder.resolve("pictures").toString();
      write(spark, files, stored, 4 * threads);
      Dataset<Row> table = spark.read().parquet(stored);
      new ScoringSpeed(files, library, model, table).compare(rounds);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static SparkSession session(int threads) {
    return SparkSession.builder()
        .master("local[%d]".formatted(threads))
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  private static List<byte[]> files(Path batch) throws IOException {
    byte[] bytes = Files.readAllBytes(batch);
    return IntStream.range(0, bytes.length / RECORD)
        .mapToObj(i -> Models.png(image(bytes, i * RECORD + 1)))
        .toList();
  }

  private static BufferedImage image(byte[] bytes, int from) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < PIXELS; i++) {
      int red = Byte.toUnsignedInt(bytes[from + i]);
      int green = Byte.toUnsignedInt(bytes[from + PIXELS + i]);
      int blue = Byte.toUnsignedInt(bytes[from + 2 * PIXELS + i]);
      image.setRGB(i % SIDE, i / SIDE, red << 16 | green << 8 | blue);
    }
    return image;
  }

  private static void write(SparkSession spark, List<byte[]> files, String folder, int parts) {
    List<Row> rows = files.stream().map(file -> RowFactory.create((Object) file)).toList();
    spark
        .createDataFrame(rows, new StructType().add("content", DataTypes.BinaryType))
        .repartition(parts)
        .write()
        .parquet(folder);
  }

  private void compare(int rounds) {
    List<Double> alone = new ArrayList<>();
    List<Double> spark = new ArrayList<>();
    List<Double> sql = new ArrayList<>();
    // The first turn of each is the compiler's.
    for (int round = 0; round <= rounds; round++) {
      double byLibrary = speed(this::library);
      double byTransformer = speed(() -> drain(classifier.transform(table)));
      double byFunction =
          speed(() -> drain(table.sparkSession().sql("SELECT what_is(content) FROM pictures")));
      say(round, byLibrary, byTransformer, byFunction);
      if (round > 0) {
        alone.add(byLibrary);
        spark.add(byTransformer);
        sql.add(byFunction);
      }
    }
    OUT.printf(
        Locale.ROOT,
        "median of %d: library %,.0f images/s, transformer %,.0f (%.2f), SQL function %,.0f (%.2f)%n",
        rounds,
        median(alone),
        median(spark),
        median(spark) / median(alone),
        median(sql),
        median(sql) / median(alone));
  }

  private static void say(int round, double library, double transformer, double function) {
    OUT.printf(
        Locale.ROOT,
        "%s: library %,.0f images/s, transformer %,.0f (%.2f), SQL function %,.0f (%.2f)%n",
        round == 0 ? "to warm up" : "round " + round,
        library,
        transformer,
        transformer / library,
        function,
        function / library);
  }

  private void library() {
    library.classify(files.stream().map(Picture::of).toList());
  }

  private static void drain(Dataset<Row> scored) {
    scored.write().format("noop").mode(SaveMode.Overwrite).save();
  }

  private double speed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return files.size() * 1e9 / (System.nanoTime() - start);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
        .average()
        .orElseThrow();
  }
}
