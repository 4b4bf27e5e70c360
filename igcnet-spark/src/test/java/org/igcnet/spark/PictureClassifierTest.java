package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.data.Picture;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.model.Pretrained;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureClassifierTest {
  private static final SparkSession SPARK = LocalSpark.SESSION;
  private static final StructType CONTENT = new StructType().add("content", DataTypes.BinaryType);

  private static Model model;
  private static ImageClassifier library;
  private static PictureClassifier classifier;

  @TempDir Path folder;

  @BeforeAll
  static void makeModel() {
    model = Models.small(1);
    library = ImageClassifier.of(model);
    classifier = PictureClassifier.of(model);
  }

  @AfterAll
  static void close() {
    library.close();
  }

  private static Dataset<Row> table(DataType type, List<? extends @Nullable Object> values) {
    return SPARK.createDataFrame(
        values.stream().map(RowFactory::create).toList(), new StructType().add("content", type));
  }

  private static void assertSame(Row answer, Labels labels) {
    assertThat(answer.<String>getAs("label")).isEqualTo(labels.best().name());
    assertThat(answer.<Double>getAs("probability")).isEqualTo(labels.best().probability());
    Map<String, Double> probabilities =
        labels.all().stream()
            .collect(Collectors.toMap(Labels.Label::name, Labels.Label::probability));
    assertThat(answer.<Double>getList(answer.fieldIndex("probabilities")))
        .isEqualTo(Models.CLASSES.stream().map(probabilities::get).toList());
    assertThat(answer.<String>getAs("problem")).isNull();
  }

  private static void assertProblem(Row answer, String problem) {
    assertThat(answer.isNullAt(0)).isTrue();
    assertThat(answer.isNullAt(1)).isTrue();
    assertThat(answer.isNullAt(2)).isTrue();
    assertThat(answer.<String>getAs("problem")).contains(problem).doesNotContain("\n");
  }

  private static List<Row> answers(Dataset<Row> scored) {
    return scored.select("answer.*").collectAsList();
  }

  @Test
  void theBytesOfFilesAreScoredAsTheLibraryDoes() {
    List<byte[]> files =
        IntStream.range(0, 150).mapToObj(i -> Models.png(32 + i % 7, 40, i)).toList();
    Dataset<Row> scored = classifier.transform(table(DataTypes.BinaryType, files));
    List<Row> answers = answers(scored);
    assertThat(answers).hasSize(150);
    for (int i = 0; i < 150; i++) {
      assertSame(answers.get(i), library.classify(files.get(i)));
    }
    assertThat(answers.stream().map(answer -> answer.getDouble(1)).distinct()).hasSize(150);
  }

  @Test
  void namesOfFilesAreReadFromTheirFileSystem() throws IOException {
    Path file = folder.resolve("a picture.png");
    Files.write(file, Models.png(50, 40, 3));
    Files.createDirectory(folder.resolve("inner"));
    List<String> names =
        List.of(
            file.toString(),
            file.toUri().toString().replace("%20", " "),
            folder.resolve("none.png").toString(),
            folder.resolve("inner").toString(),
            "nowhere://a/b.png",
            "");
    List<Row> answers = answers(classifier.transform(table(DataTypes.StringType, names)));
    assertSame(answers.get(0), library.classify(file));
    assertSame(answers.get(1), library.classify(file));
    assertProblem(answers.get(2), "none.png is no file that exists");
    assertProblem(answers.get(3), "inner");
    assertProblem(answers.get(4), "nowhere");
    assertProblem(answers.get(5), "names no file");
  }

  @Test
  void spark_sImageSourceIsScoredColoursGreyAndTransparency() throws IOException {
    Map<String, BufferedImage> images =
        new TreeMap<>(
            Map.of(
                "a.png", Models.blocks(40, 48, 1, BufferedImage.TYPE_INT_RGB),
                "b.png", Models.blocks(33, 48, 2, BufferedImage.TYPE_BYTE_GRAY),
                "c.png", Models.blocks(40, 40, 3, BufferedImage.TYPE_INT_ARGB)));
    for (Map.Entry<String, BufferedImage> image : images.entrySet()) {
      Files.write(folder.resolve(image.getKey()), Models.png(image.getValue()));
    }
    Dataset<Row> pictures = SPARK.read().format("image").load(folder.toString());
    List<Row> rows =
        PictureClassifier.of(model)
            .setInputCol("image")
            .setOutputCol("shown")
            .transform(pictures)
            .orderBy("image.origin")
            .select("image.mode", "shown")
            .collectAsList();
    assertThat(rows).extracting(row -> row.getInt(0)).containsExactly(16, 0, 24);
    assertSame(rows.get(0).getStruct(1), library.classify(folder.resolve("a.png")));
    assertSame(rows.get(1).getStruct(1), library.classify(folder.resolve("b.png")));
    assertSame(rows.get(2).getStruct(1), library.classify(folder.resolve("c.png")));
  }

  @Test
  void anImageThatContradictsItselfIsAProblem() {
    StructType type = new StructType();
    for (StructField field : ImageSchema.columnSchema().fields()) {
      type = type.add(field.name(), field.dataType());
    }
    byte[] bytes = new byte[12];
    List<Row> images =
        List.of(
            RowFactory.create("file:/x.png", -1, -1, -1, -1, new byte[0]),
            RowFactory.create("file:/x.png", 3, 2, 3, 16, bytes),
            RowFactory.create("file:/x.png", 2, 2, 3, 21, bytes),
            RowFactory.create("file:/x.png", -2, -2, 3, 16, bytes),
            RowFactory.create("file:/x.png", 2, 2, 3, 16, null),
            RowFactory.create("file:/x.png", null, 2, 3, 16, bytes),
            RowFactory.create("file:/x.png", 2, 2, 3, 16, bytes));
    List<Row> answers = answers(classifier.transform(table(type, images)));
    assertProblem(answers.get(0), "Spark could not decode file:/x.png");
    assertProblem(answers.get(1), "2×3 pixels of 3 bytes, but it has 12 bytes");
    assertProblem(answers.get(2), "mode is 21");
    assertProblem(answers.get(3), "-2×-2 pixels");
    assertProblem(answers.get(4), "2×2 pixels of 3 bytes, but it has 0 bytes");
    assertProblem(answers.get(5), "-1");
    assertSame(answers.get(6), library.classify(new BufferedImage(2, 2, 1)));
  }

  @Test
  void whatIsNoPictureHasAReasonAndTheOthersAnAnswer() {
    byte[] sound = Models.png(40, 40, 7);
    List<byte @Nullable []> files = new ArrayList<>();
    files.add(sound);
    files.add(null);
    files.add(new byte[0]);
    files.add("hello".getBytes(StandardCharsets.UTF_8));
    files.add(Arrays.copyOf(sound, sound.length / 2));
    files.add(sound);
    List<Row> answers = answers(classifier.transform(table(DataTypes.BinaryType, files)));
    assertSame(answers.get(0), library.classify(sound));
    assertProblem(answers.get(1), "there is no picture, but a null");
    assertProblem(answers.get(2), "");
    assertProblem(answers.get(3), "is no picture; PNG, JPEG");
    assertProblem(answers.get(4), "");
    assertSame(answers.get(5), library.classify(sound));
  }

  /** One whose network is down. */
  static final class BrokenFileSystem extends RawLocalFileSystem {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize)
        throws IOException {
      throw new IOException("the network is down");
    }
  }

  @Test
  void aFileSystemThatFailsFailsTheTaskAndIsNoProblemOfThePicture() {
    SPARK
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.broken.impl", BrokenFileSystem.class.getName());
    Dataset<Row> names = table(DataTypes.StringType, List.of("broken:///a.png"));
    assertThatThrownBy(classifier.transform(names)::collectAsList)
        .hasStackTraceContaining("broken:///a.png cannot be read: the network is down");
  }

  @Test
  void anEmptyTableStaysEmpty() {
    assertThat(answers(classifier.transform(table(DataTypes.BinaryType, List.of())))).isEmpty();
  }

  @Test
  void rowsKeepTheirOrderAndTheirColumns() {
    Metadata note = new MetadataBuilder().putString("of", "a row").build();
    StructType type =
        new StructType()
            .add("id", DataTypes.LongType, false, note)
            .add("content", DataTypes.BinaryType)
            .add("when", DataTypes.TimestampType)
            .add("price", DataTypes.createDecimalType(10, 2))
            .add("tags", DataTypes.createArrayType(DataTypes.StringType))
            .add("inner", new StructType().add("x", DataTypes.IntegerType));
    List<Row> rows = new ArrayList<>();
    for (long i = 0; i < 90; i++) {
      rows.add(
          RowFactory.create(
              i,
              Models.png(32, 32, i),
              Timestamp.valueOf("2026-01-02 03:04:05"),
              new BigDecimal("12.34"),
              List.of("a", "b"),
              i % 2 == 0 ? null : RowFactory.create((int) i)));
    }
    Dataset<Row> table = SPARK.createDataFrame(rows, type);
    Dataset<Row> scored = classifier.transform(table);
    assertThat(scored.columns())
        .containsExactly("id", "content", "when", "price", "tags", "inner", "answer");
    assertThat(scored.schema()).isEqualTo(classifier.transformSchema(type));
    assertThat(scored.select("id", "when", "price", "tags", "inner").collectAsList())
        .isEqualTo(table.select("id", "when", "price", "tags", "inner").collectAsList());
    assertThat(scored.filter("answer.label IS NOT NULL").count()).isEqualTo(90);
    assertThat(scored.limit(3).select("id").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(0L, 1L, 2L);
  }

  @Test
  void theClassesAreInTheMetadataOfTheAnswers() {
    Dataset<Row> scored = classifier.transform(table(DataTypes.BinaryType, List.of()));
    assertThat(scored.schema().apply("answer").metadata().getStringArray("classes"))
        .containsExactlyElementsOf(Models.CLASSES);
    assertThat(classifier.classes()).isEqualTo(Models.CLASSES);
  }

  @Test
  void aColumnOfAnotherTypeIsRefused() {
    Dataset<Row> numbers = table(DataTypes.IntegerType, List.of(1));
    assertThatThrownBy(() -> classifier.transform(numbers))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the column \"content\" is of type int, and pictures are a binary column of files' bytes, a string column of files' names, or a column of Spark's image source");
    StructType almost =
        new StructType().add("content", new StructType().add("data", DataTypes.BinaryType));
    assertThatThrownBy(() -> classifier.transformSchema(almost))
        .hasMessageContaining("is of type struct<data:binary>");
  }

  @Test
  void aMissingColumnAndOneThatIsThereAreRefused() {
    PictureClassifier other = PictureClassifier.of(model).setInputCol("image");
    assertThatThrownBy(() -> other.transformSchema(CONTENT))
        .hasMessage("there is no column \"image\"; there are content");
    PictureClassifier twice = PictureClassifier.of(model).setOutputCol("content");
    assertThatThrownBy(() -> twice.transformSchema(CONTENT))
        .hasMessage("there is a column \"content\" already; the answers need another name");
  }

  @Test
  void whatIsSavedIsLoadedAndAnswersTheSame() {
    String path = folder.resolve("saved").toString();
    byte[] file = Models.png(40, 40, 9);
    PictureClassifier set = PictureClassifier.of(model).setInputCol("a").setOutputCol("b");
    assertThatThrownBy(() -> set.save("nowhere://x/y")).hasMessageContaining("nowhere");
    saved(set, path);
    saved(set, path);
    PictureClassifier loaded = PictureClassifier.load(path);
    assertThat(loaded.uid()).isEqualTo(set.uid());
    assertThat(loaded.getInputCol()).isEqualTo("a");
    assertThat(loaded.getOutputCol()).isEqualTo("b");
    assertThat(loaded.getOrDefault(loaded.inputCol())).isEqualTo("a");
    Dataset<Row> table =
        table(DataTypes.BinaryType, List.of(file)).withColumnRenamed("content", "a");
    assertSame(loaded.transform(table).first().getStruct(1), library.classify(file));
    assertThat(folder.resolve("saved").resolve("model.json")).exists();
    assertThat(ModelFolder.read(folder.resolve("saved")).classes()).isEqualTo(Models.CLASSES);
  }

  private static void saved(PictureClassifier classifier, String path) {
    try {
      classifier.write().overwrite().save(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPipelineIsSavedAndLoaded() throws IOException {
    String path = folder.resolve("pipeline").toString();
    byte[] file = Models.png(40, 40, 11);
    Dataset<Row> table = table(DataTypes.BinaryType, List.of(file));
    SQLTransformer flat =
        new SQLTransformer().setStatement("SELECT answer.label AS label FROM __THIS__");
    PipelineModel made =
        new Pipeline().setStages(new PipelineStage[] {classifier, flat}).fit(table);
    made.write().overwrite().save(path);
    PipelineModel loaded = PipelineModel.load(path);
    assertThat(loaded.transform(table).collectAsList())
        .isEqualTo(made.transform(table).collectAsList())
        .containsExactly(RowFactory.create(library.classify(file).best().name()));
    PipelineModel other = loaded.copy(ParamMap.empty());
    assertThat(other.transform(table).count()).isEqualTo(1);
  }

  @Test
  void aDamagedSavedModelIsRefused() throws IOException {
    Path path = folder.resolve("saved");
    saved(classifier, path.toString());
    Path weights = path.resolve("model.safetensors");
    // Hadoop's checksum would find it first.
    Files.delete(path.resolve(".model.safetensors.crc"));
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(() -> PictureClassifier.load(path.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("saved holds no sound model: the given model.json describes other")
        .extracting(error -> ((UserError) error).kind())
        .isEqualTo(Kind.DAMAGED);
    Files.delete(weights);
    assertThatThrownBy(() -> PictureClassifier.load(path.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no trained model: model.json or model.safetensors is missing");
  }

  @Test
  void aModelThatIsFlippedOnTheDiskIsRefused() throws IOException {
    Path path = folder.resolve("saved");
    saved(classifier, path.toString());
    Path weights = path.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(() -> PictureClassifier.load(path.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("saved");
  }

  @Test
  void anExecutorLoadsAModelOnceHoweverManyTasks() {
    List<byte[]> files = IntStream.range(0, 24).mapToObj(i -> Models.png(32, 32, i)).toList();
    Dataset<Row> table = table(DataTypes.BinaryType, files).repartition(8);
    int before = KeptModels.HERE.loads();
    PictureClassifier fresh = PictureClassifier.of(Models.small(99));
    assertThat(fresh.transform(table).filter("answer.label IS NOT NULL").count()).isEqualTo(24);
    assertThat(
            fresh.copy(ParamMap.empty()).transform(table).filter("answer.problem IS NULL").count())
        .isEqualTo(24);
    assertThat(KeptModels.HERE.loads()).isEqualTo(before + 1);
  }

  @Test
  void severalThreadsOfATaskGiveTheSameAnswersInTheSameOrder() {
    List<Row> rows =
        IntStream.range(0, 201)
            .mapToObj(i -> RowFactory.create((Object) Models.png(32, 32, i)))
            .toList();
    ScoredRows function =
        new ScoredRows(
            SentModel.of(ModelFiles.of(model), new JavaSparkContext(SPARK.sparkContext())),
            PictureReader.on(new JavaSparkContext(SPARK.sparkContext())),
            0);
    try (Scorer scorer = Scorer.of(model)) {
      List<Row> one = new ArrayList<>();
      new ScoredRows.Scored(rows.iterator(), function, scorer, 1).forEachRemaining(one::add);
      List<Row> three = new ArrayList<>();
      new ScoredRows.Scored(rows.iterator(), function, scorer, 3).forEachRemaining(three::add);
      assertThat(three).usingRecursiveComparison().isEqualTo(one);
      assertThat(three).hasSize(201);
    }
  }

  @Test
  void aTrainedNetworkComesByItsName() {
    byte[] file = Models.png(40, 40, 13);
    PictureClassifier pretrained = PictureClassifier.pretrained("igc-l24m2-d8-cifar10");
    Dataset<Row> table = table(DataTypes.BinaryType, Collections.singletonList(file));
    try (ImageClassifier net =
        ImageClassifier.of(Pretrained.named("igc-l24m2-d8-cifar10").model())) {
      Labels labels = net.classify(Picture.of(file));
      Row answer = pretrained.transform(table).first().getStruct(1);
      assertThat(answer.getString(0)).isEqualTo(labels.best().name());
      assertThat(answer.getDouble(1)).isEqualTo(labels.best().probability());
    }
  }
}
