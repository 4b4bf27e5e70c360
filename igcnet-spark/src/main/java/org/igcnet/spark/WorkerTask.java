package org.igcnet.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.igcnet.UserError;
import org.igcnet.files.Sha256;
import org.igcnet.files.WholeFile;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import scala.Function1;
import scala.collection.Iterator;

/**
 * What one worker does in the barrier stage: fetch the run, open the data, tell the others what it
 * is, connect, and train. Every worker has all weights, and updates its own; the first writes the
 * files.
 */
record WorkerTask(Plan plan)
    implements Function1<Iterator<Integer>, Iterator<Integer>>, Serializable {
  /** A driver need not hear of every step. */
  private static final Duration PROGRESS = Duration.ofMillis(300);

  /** Of workers that write nothing but their own copy. */
  private static final Duration NEVER = Duration.ofDays(1000);

  @Override
  public Iterator<Integer> apply(Iterator<Integer> ranks) {
    BarrierTaskContext task = BarrierTaskContext.get();
    int rank = task.partitionId();
    try (Report report =
        Report.over(Door.call(plan.driver(), "the driver", rank, plan.secret(), plan.patience()))) {
      try {
        train(task, rank, report);
      } catch (UserError refused) {
        report.tell(
            new Message.Refused(refused.kind(), host(task, rank) + ": " + refused.getMessage()));
        throw refused;
      } catch (LostConnection lost) {
        if (!task.isInterrupted()) { // else Spark gave it up, for another's sake
          report.tell(new Message.Lost(String.valueOf(lost.getMessage())));
        }
        throw lost;
      } catch (TrainingRun.Stopped stopped) {
        report.tell(new Message.Stopped(String.valueOf(stopped.getMessage())));
      }
    }
    return ranks;
  }

  private void train(BarrierTaskContext task, int rank, Report report) {
    String host = host(task, rank);
    try (Scratch scratch = Scratch.create();
        Door door = Door.open(host, host, plan.secret())) {
      Path copy = scratch.folder();
      RunStore.Copy kept = reached(() -> plan.store().fetch(copy));
      try (Links links = links(task, rank, door, sha256(copy));
          TrainingRun run =
              TrainingRun.resume(copy, plan.dataSpec(), task.cpus(), new Mesh(links))) {
        boolean first = rank == 0;
        if (first) {
          report.onStop(run::stop);
        }
        run.run(new Telling(report, first, kept), first ? plan.checkpoints() : NEVER);
      }
    }
  }

  /** A store that fails may do so for a moment: another attempt may succeed. */
  private static <T> T reached(Supplier<T> store) {
    try {
      return store.get();
    } catch (UserError failed) {
      if (failed.kind() != UserError.Kind.ACCESS) {
        throw failed;
      }
      throw new LostConnection(String.valueOf(failed.getMessage()), failed);
    }
  }

  private Links links(BarrierTaskContext task, int rank, Door door, String run) {
    List<Facts> all =
        Arrays.stream(task.allGather(Facts.here(door.address(), run).line()))
            .map(Facts::read)
            .toList();
    Facts.requireSame(all);
    List<String> addresses = all.stream().map(Facts::address).toList();
    return Links.join(rank, addresses, door, plan.secret(), plan.patience(), task::isInterrupted);
  }

  /** The machine's name, as Spark gave it. */
  private static String host(BarrierTaskContext task, int rank) {
    String address = task.getTaskInfos()[rank].address();
    return address.substring(0, address.lastIndexOf(':'));
  }

  /** Of the names and the bytes of all files. */
  private static String sha256(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        all.append(file.getFileName()).append(' ').append(Sha256.of(Files.readAllBytes(file)));
      }
      return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw WholeFile.unreadable(folder, e);
    }
  }

  /** Tells the driver how the training goes, and brings the files of the first worker home. */
  private static final class Telling implements TrainingListener {
    private final Report report;
    private final boolean first;
    private final RunStore.Copy kept;
    private long told = System.nanoTime();

    Telling(Report report, boolean first, RunStore.Copy kept) {
      this.report = report;
      this.first = first;
      this.kept = kept;
    }

    @Override
    public void skipped(String sentence) {
      report.tell(new Message.Skipped(sentence));
    }

    @Override
    public void batch(BatchProgress progress) {
      long now = System.nanoTime();
      if (first && now - told >= PROGRESS.toNanos()) {
        told = now;
        report.tell(new Message.Batch(progress));
      }
    }

    @Override
    public void kept(Path folder) {
      if (first) {
        reached(
            () -> {
              kept.keep();
              return kept;
            });
        report.tell(new Message.Kept());
      }
    }

    @Override
    public void epoch(EpochMetrics metrics, boolean best) {
      if (first) {
        report.tell(new Message.Epoch(metrics, best));
      }
    }
  }
}
