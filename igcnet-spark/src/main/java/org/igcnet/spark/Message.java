package org.igcnet.spark;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.igcnet.UserError;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;

/** What a worker tells the driver, a line of JSON each. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "message")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Message.Batch.class, name = "batch"),
  @JsonSubTypes.Type(value = Message.Epoch.class, name = "epoch"),
  @JsonSubTypes.Type(value = Message.Kept.class, name = "kept"),
  @JsonSubTypes.Type(value = Message.Skipped.class, name = "skipped"),
  @JsonSubTypes.Type(value = Message.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = Message.Lost.class, name = "lost"),
  @JsonSubTypes.Type(value = Message.Stopped.class, name = "stopped")
})
sealed interface Message {
  /** A step is done. */
  record Batch(BatchProgress progress) implements Message {}

  /** An epoch is done and tested. */
  record Epoch(EpochMetrics metrics, boolean best) implements Message {}

  /** A checkpoint is in its place. */
  record Kept() implements Message {}

  /** A picture was left out. */
  record Skipped(String sentence) implements Message {}

  /** The training cannot go on, whoever tries. */
  record Refused(UserError.Kind kind, String sentence) implements Message {}

  /** Another worker is gone, stalled or out of step. */
  record Lost(String sentence) implements Message {}

  /** The training stopped, as it was asked to; its checkpoint is written. */
  record Stopped(String sentence) implements Message {}
}
