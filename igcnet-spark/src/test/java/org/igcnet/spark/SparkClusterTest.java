package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.SparkConf;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingCluster.Wanted;
import org.junit.jupiter.api.Test;

class SparkClusterTest {
  private static SparkConf conf(Map<String, String> settings) {
    return SparkCluster.conf(new Wanted("spark://host:7077", 5, 3, 2, settings));
  }

  @Test
  void aTaskHasTheThreadsOfAWorkerAndTheClusterRoomForAll() {
    SparkConf conf = conf(Map.of());
    assertThat(conf.get("spark.master")).isEqualTo("spark://host:7077");
    assertThat(conf.get("spark.app.name")).isEqualTo("igcnet");
    assertThat(conf.get("spark.task.cpus")).isEqualTo("2");
    assertThat(conf.get("spark.executor.cores")).isEqualTo("2");
    assertThat(conf.get("spark.cores.max")).isEqualTo("30");
    assertThat(conf.get("spark.executor.instances")).isEqualTo("15");
  }

  @Test
  void largerExecutorsAreFewer() {
    assertThat(conf(Map.of("spark.executor.cores", "8")).get("spark.executor.instances"))
        .isEqualTo("4");
    assertThat(conf(Map.of("spark.executor.instances", "3")).get("spark.executor.instances"))
        .isEqualTo("3");
  }

  @Test
  void theSettingsThatFitAreThoseOfTheDocument() {
    SparkConf conf = conf(Map.of());
    assertThat(conf.get("spark.dynamicAllocation.enabled")).isEqualTo("false");
    assertThat(conf.get("spark.speculation")).isEqualTo("false");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(conf.get("spark.network.timeout")).isEqualTo("60s");
    assertThat(conf.get("spark.scheduler.barrier.maxConcurrentTasksCheck.interval"))
        .isEqualTo("1s");
    assertThat(conf.get("spark.jars")).isEqualTo(String.join(",", ProgramJars.all()));
    assertThat(List.of(conf.get("spark.executor.extraJavaOptions").split(" ")))
        .allSatisfy(option -> assertThat(option).startsWith("-XX:"));
  }

  @Test
  void whatTheUserSetsComesFirst() {
    SparkConf conf =
        conf(
            Map.of(
                "spark.cores.max", "7",
                "spark.speculation", "true",
                "spark.jars", "a.jar",
                "spark.made.up", "x"));
    assertThat(conf.get("spark.cores.max")).isEqualTo("7");
    assertThat(conf.get("spark.speculation")).isEqualTo("true");
    assertThat(conf.get("spark.jars")).isEqualTo("a.jar");
    assertThat(conf.get("spark.made.up")).isEqualTo("x");
    assertThat(conf.get("spark.executor.cores")).isEqualTo("2");
  }

  @Test
  void clustersOfSparkAreOffered() {
    assertThat(ServiceLoader.load(TrainingCluster.Service.class).stream())
        .extracting(ServiceLoader.Provider::type)
        .singleElement()
        .isEqualTo(SparkClusters.class);
  }

  @Test
  void aClusterThatSparkRefusesIsRefused() {
    assertThat(LocalSpark.SESSION.sparkContext().isStopped()).isFalse();
    Wanted second = new Wanted("local[1]", 1, 1, 1, Map.of());
    assertThatThrownBy(() -> new SparkClusters().connect(second))
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.ACCESS))
        .hasMessageStartingWith(
            "Spark at local[1] cannot be used: Only one SparkContext should be running in this JVM");
    assertThat(LocalSpark.SESSION.sparkContext().isStopped()).isFalse();
  }
}
