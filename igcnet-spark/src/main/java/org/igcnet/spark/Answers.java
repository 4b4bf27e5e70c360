package org.igcnet.spark;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.igcnet.loss.CrossEntropy;

/**
 * What a network says of pictures, as values of Spark's: the most probable class, its probability,
 * those of all classes, and what is wrong with the picture where there is nothing else to say.
 *
 * @param classes the classes' names, in the order of the network's outputs
 */
record Answers(List<String> classes) {
  /** The type of the values. */
  static final StructType TYPE =
      new StructType()
          .add("label", DataTypes.StringType)
          .add("probability", DataTypes.DoubleType)
          .add("probabilities", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("problem", DataTypes.StringType);

  /** {@return a column of them, whose metadata have the names of the classes} */
  StructField column(String name) {
    return new StructField(
        name,
        TYPE,
        true,
        new MetadataBuilder().putStringArray("classes", classes.toArray(String[]::new)).build());
  }

  /**
   * {@return the answer for one image of a batch}
   *
   * @param logits {@code [image][class]}
   * @param image which
   */
  Row of(float[] logits, int image) {
    double[] probabilities = CrossEntropy.probabilities(logits, image, classes.size());
    int best = 0;
    for (int label = 1; label < probabilities.length; label++) {
      if (Double.compare(probabilities[label], probabilities[best]) > 0) {
        best = label;
      }
    }
    return RowFactory.create(classes.get(best), probabilities[best], probabilities, null);
  }

  /** {@return the answer for what is no picture} */
  static Row problem(String why) {
    return RowFactory.create(null, null, null, why);
  }
}
