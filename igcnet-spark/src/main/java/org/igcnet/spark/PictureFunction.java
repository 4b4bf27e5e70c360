package org.igcnet.spark;

import java.util.Collections;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.StructType;
import org.igcnet.UserError;
import org.igcnet.model.Model;
import org.igcnet.model.Pretrained;
import org.jspecify.annotations.Nullable;

/**
 * Says what pictures show, in SQL.
 *
 * <pre>{@code
 * PictureFunction.register(spark, "what_is", "models/a");
 * spark.sql("SELECT path, what_is(content).label FROM pictures");
 * }</pre>
 *
 * <p>What it takes, and what it gives, are those of {@link PictureClassifier}, which is a little
 * faster, as it takes many rows at a time. Values of other types fail the query.
 */
public final class PictureFunction implements UDF1<@Nullable Object, Row> {
  private static final long serialVersionUID = 1L;

  private final SentModel model;
  private final PictureReader reader;

  private PictureFunction(SparkSession spark, ModelFiles model) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.model = SentModel.of(model, context);
    this.reader = PictureReader.on(context);
  }

  /**
   * {@return a function for a model}
   *
   * @param spark the session whose executors get the model
   * @param model is copied
   * @throws UserError where its network takes other images than coloured or grey ones
   */
  public static PictureFunction of(SparkSession spark, Model model) {
    return new PictureFunction(spark, ModelFiles.of(model));
  }

  /**
   * Makes a function of SQL for a model.
   *
   * @param spark the session whose queries may use it
   * @param name of the function
   * @param model is copied
   * @throws UserError where its network takes other images than coloured or grey ones
   */
  public static void register(SparkSession spark, String name, Model model) {
    register(spark, name, of(spark, model));
  }

  /**
   * Makes a function of SQL for a model in a folder.
   *
   * @param spark the session whose queries may use it
   * @param name of the function
   * @param folder a model folder, or a run folder, in any file system that Hadoop knows
   * @throws UserError where it holds no model, or a damaged one
   */
  public static void register(SparkSession spark, String name, String folder) {
    ModelFiles model =
        ModelFiles.read(spark.sparkContext().hadoopConfiguration(), new Path(folder));
    register(spark, name, new PictureFunction(spark, model));
  }

  /**
   * Makes a function of SQL for a trained network that comes in a jar.
   *
   * @param spark the session whose queries may use it
   * @param name of the function
   * @param network as {@link Pretrained#all} has it: {@code igc-l24m2-d8-cifar10}
   * @throws UserError where there is none of that name, or it is damaged
   */
  public static void registerPretrained(SparkSession spark, String name, String network) {
    register(spark, name, Pretrained.named(network).model());
  }

  private static void register(SparkSession spark, String name, PictureFunction function) {
    spark.udf().register(name, function, type());
  }

  /** {@return the type of the answers} */
  public static StructType type() {
    return Answers.TYPE;
  }

  /**
   * Says what a picture shows.
   *
   * @param picture the bytes of a file, its name, or a row of Spark's image source; or null
   * @return the answer
   */
  @Override
  public Row call(@Nullable Object picture) {
    try (KeptModels.Use use = model.use()) {
      return use.scorer().answers(Collections.singletonList(picture), reader).getFirst();
    }
  }
}
