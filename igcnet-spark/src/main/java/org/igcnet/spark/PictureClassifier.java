package org.igcnet.spark;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.model.Model;
import org.igcnet.model.Pretrained;
import scala.Option;

/**
 * Says what the pictures of a table show: a step of a Spark ML pipeline.
 *
 * <pre>{@code
 * Dataset<Row> scored = PictureClassifier.pretrained("igc-l24m2-d8-cifar10")
 *     .setInputCol("content")
 *     .setOutputCol("answer")
 *     .transform(spark.read().format("binaryFile").load("pictures"));
 * scored.select("path", "answer.label", "answer.probability");
 * }</pre>
 *
 * <p>A picture is the bytes of a file (PNG, JPEG, BMP, GIF or lossless WebP), the name of such a
 * file, which is read through Hadoop's file systems, or a row of Spark's image source. The answer
 * is a struct of {@code label}, the most probable class, its {@code probability}, the {@code
 * probabilities} of all classes in the order of {@link #classes()}, which are in the column's
 * metadata too, and {@code problem}. Where a picture is null, missing, damaged or none, {@code
 * problem} says why in a sentence, and the others are null; otherwise it is null. A file system
 * that fails fails the task, which Spark tries again.
 *
 * <p>Rows keep their order and their columns. Each has the bits of {@link
 * org.igcnet.model.ImageClassifier}. Each executor loads a model once and keeps it for later tasks;
 * it keeps four, and more only while they are in use: of those that are not it closes the one that
 * was used longest ago. A task computes on as many threads as Spark gives it cores ({@code
 * spark.task.cpus}).
 */
public final class PictureClassifier extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ModelFiles model;
  private final Param<String> inputCol;
  private final Param<String> outputCol;

  private PictureClassifier(String uid, ModelFiles model) {
    this.uid = uid;
    this.model = model;
    this.inputCol = new Param<>(uid, "inputCol", "the column of the pictures", String.class);
    this.outputCol = new Param<>(uid, "outputCol", "the column of the answers", String.class);
    setDefault(inputCol, "content");
    setDefault(outputCol, "answer");
  }

  /**
   * {@return a step for a model}
   *
   * @param model is copied
   * @throws UserError where its network takes other images than coloured or grey ones
   */
  public static PictureClassifier of(Model model) {
    return of(ModelFiles.of(model));
  }

  /**
   * {@return a step for a model in a folder}
   *
   * @param spark knows the file systems
   * @param folder a model folder, or a run folder, in any file system that Hadoop knows
   * @throws UserError where it holds no model, or a damaged one
   */
  public static PictureClassifier of(SparkSession spark, String folder) {
    return of(ModelFiles.read(spark.sparkContext().hadoopConfiguration(), new Path(folder)));
  }

  /**
   * {@return a step for a trained network that comes in a jar}
   *
   * @param name as {@link Pretrained#all} has it: {@code igc-l24m2-d8-cifar10}
   * @throws UserError where there is none of that name, or it is damaged
   */
  public static PictureClassifier pretrained(String name) {
    return of(Pretrained.named(name).model());
  }

  private static PictureClassifier of(ModelFiles model) {
    return new PictureClassifier(Identifiable.randomUID("pictureClassifier"), model);
  }

  /** {@return what reads one that was saved} */
  public static MLReader<PictureClassifier> read() {
    return new Reader();
  }

  /**
   * Reads one that was saved.
   *
   * @param path where, in any file system that Hadoop knows
   * @return the step
   * @throws UserError where its model is missing or damaged
   */
  public static PictureClassifier load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** {@return the parameter for the column of the pictures; {@code content} unless it is set} */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** {@return the parameter for the column of the answers; {@code answer} unless it is set} */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** {@return the column of the pictures} */
  public String getInputCol() {
    return getOrDefault(inputCol);
  }

  /** {@return the column of the answers} */
  public String getOutputCol() {
    return getOrDefault(outputCol);
  }

  /**
   * Sets the column of the pictures.
   *
   * @param column its name
   * @return this step
   */
  public PictureClassifier setInputCol(String column) {
    set(inputCol, column);
    return this;
  }

  /**
   * Sets the column of the answers.
   *
   * @param column a name that the table does not have
   * @return this step
   */
  public PictureClassifier setOutputCol(String column) {
    set(outputCol, column);
    return this;
  }

  /** {@return the names of the classes, in the order of the probabilities} */
  public List<String> classes() {
    return model.classes();
  }

  /**
   * {@inheritDoc}
   *
   * @throws UserError where the table lacks the column of the pictures, or that holds something
   *     else, or the column of the answers is there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    PictureReader.place(schema, getInputCol());
    if (List.of(schema.fieldNames()).contains(getOutputCol())) {
      throw new UserError(
          "there is a column \"%s\" already; the answers need another name"
              .formatted(getOutputCol()));
    }
    return schema.add(new Answers(classes()).column(getOutputCol()));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    ScoredRows scored =
        new ScoredRows(
            SentModel.of(model, spark),
            PictureReader.on(spark),
            PictureReader.place(dataset.schema(), getInputCol()));
    // What is made of rows has lost the metadata of its columns.
    return dataset.toDF().mapPartitions(scored, Encoders.row(schema)).to(schema);
  }

  @Override
  public PictureClassifier copy(ParamMap extra) {
    return copyValues(new PictureClassifier(uid, model), extra);
  }

  /** {@return what saves it: its settings, as Spark ML does, and the two files of its model} */
  @Override
  public MLWriter write() {
    return new Writer();
  }

  private MLWriter settings() {
    return DefaultParamsWritable.super.write();
  }

  private final class Writer extends MLWriter {
    @Override
    public void saveImpl(String path) {
      try {
        settings().session(sparkSession()).save(path);
        model.write(sparkSession().sparkContext().hadoopConfiguration(), new Path(path));
      } catch (IOException e) {
        throw new UserError(
            Kind.ACCESS, "%s cannot be written: %s".formatted(path, Reason.of(e)), e);
      }
    }
  }

  private static final class Reader extends MLReader<PictureClassifier> {
    @Override
    public PictureClassifier load(String path) {
      SparkSession spark = sparkSession();
      DefaultParamsReader.Metadata settings =
          DefaultParamsReader.loadMetadata(path, spark, PictureClassifier.class.getName());
      ModelFiles model =
          ModelFiles.read(spark.sparkContext().hadoopConfiguration(), new Path(path));
      PictureClassifier loaded = new PictureClassifier(settings.uid(), model);
      settings.getAndSetParams(loaded, Option.empty());
      return loaded;
    }
  }
}
