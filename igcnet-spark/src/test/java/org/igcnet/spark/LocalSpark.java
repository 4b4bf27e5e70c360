package org.igcnet.spark;

import org.apache.spark.sql.SparkSession;

/** The one Spark of all tests, which ends with their JVM. */
final class LocalSpark {
  static final SparkSession SESSION =
      SparkSession.builder()
          .master("local[4]")
          .appName("tests")
          .config("spark.ui.enabled", false)
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.warehouse.dir", "target/spark-warehouse")
          .config("spark.sql.shuffle.partitions", 2)
          .getOrCreate();

  private LocalSpark() {}
}
