package org.igcnet.spark;

import java.time.Duration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/** Whether a cluster can run all workers of a training at the same time. */
final class Room {
  private static final int LOOK_MILLIS = 250;

  private Room() {}

  /**
   * Waits until it can.
   *
   * @param workers how many tasks have to run at the same time
   * @param longest how long to wait
   * @throws UserError where there is no room in time, or Spark has stopped
   */
  static void await(JavaSparkContext spark, int workers, Duration longest) {
    long began = System.nanoTime();
    int slots = slots(spark.sc());
    while (slots < workers) {
      if (System.nanoTime() - began > longest.toNanos()) {
        throw new UserError(
            Kind.ACCESS,
            "%d workers need as many tasks at the same time, and within %d s the cluster at %s had room for %d; fewer workers, or more executors, would be right"
                .formatted(workers, longest.toSeconds(), spark.master(), slots));
      }
      sleep();
      slots = slots(spark.sc());
    }
  }

  private static int slots(SparkContext context) {
    if (context.isStopped()) {
      throw new UserError(
          Kind.ACCESS,
          "Spark has stopped, as its master is gone or has removed this program; the run can be resumed");
    }
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  private static void sleep() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostConnection("interrupted while waiting for the cluster", e);
    }
  }
}
