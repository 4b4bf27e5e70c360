package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.files.FolderLock;
import org.igcnet.files.WholeFile;
import org.igcnet.lab.ReproductionTest.Heard;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.igcnet.train.TrainingRun.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two trainings at a time, of four trials with six steps each. */
class ManyMachinesTest {
  private static final int STEPS = 4 * 2 * 3;

  @TempDir private Path folder;

  @Test
  void twoAtATimeEndWithTheResultsOfOneAfterAnother() throws IOException {
    Results whole = alone();
    CyclicBarrier pair = new CyclicBarrier(2);
    Copies cluster = new Copies(folder.resolve("machines"), _ -> meet(pair));
    Heard heard = new Heard();
    Path out = folder.resolve("out");
    assertThat(ReproductionTest.untimed(run(out, cluster, Optional.empty(), heard)))
        .isEqualTo(whole);
    assertThat(heard.starts).hasSize(4);
    assertThat(heard.batches).isEqualTo(STEPS);
    assertThat(heard.finished)
        .extracting(ReproductionListener.Overall::finished)
        .containsExactly(1, 2, 3, 4);
    assertThat(Results.FORMAT.read(out.resolve("results.json")).finished()).isEqualTo(4);
    Heard again = new Heard();
    run(out, cluster, Optional.empty(), again);
    assertThat(again.starts).isEmpty();
  }

  @Test
  void aStoreKeepsWhatIsDoneThoughTheFirstMachineIsLost() throws IOException {
    Copies cluster = new Copies(folder.resolve("machines"), _ -> {});
    Optional<String> store = Optional.of(folder.resolve("store").toString());
    Results first = run(folder.resolve("a"), cluster, store, new Heard());
    Heard again = new Heard();
    assertThat(run(folder.resolve("b"), cluster, store, again)).isEqualTo(first);
    assertThat(again.starts).isEmpty();
    assertThat(folder.resolve("store/shapes/IGC-L4M2-d5-e2-s1/model.safetensors"))
        .hasSameBinaryContentAs(
            folder.resolve("b/runs/shapes/IGC-L4M2-d5-e2-s1/model.safetensors"));
  }

  @Test
  void whoIsAskedToStopStopsAllAndGoesOnThere() throws IOException {
    Results whole = alone();
    Path out = folder.resolve("out");
    Copies cluster = new Copies(folder.resolve("machines"), _ -> {});
    Heard heard;
    try (Reproduction reproduction = open(out, cluster, Optional.empty())) {
      heard = new Heard(3, reproduction::stop);
      reproduction.run(heard, ReproductionTest.LONG);
    }
    assertThat(heard.finished).isEmpty();
    assertThat(heard.batches).isBetween(3, 4);
    Heard rest = new Heard();
    Copies others = new Copies(folder.resolve("others"), _ -> {});
    assertThat(ReproductionTest.untimed(run(out, others, Optional.empty(), rest))).isEqualTo(whole);
    assertThat(rest.batches).isEqualTo(STEPS - heard.batches);
  }

  @Test
  void aTrainingThatFailsLeavesTheOthersAlone() {
    Copies cluster =
        new Copies(
            folder.resolve("machines"),
            run -> {
              if (run.endsWith("RegConv-W4-d5-e2-s1")) {
                throw new UserError("worker 1 has other data");
              }
            });
    Heard heard = new Heard();
    Path out = folder.resolve("out");
    assertThatThrownBy(() -> run(out, cluster, Optional.empty(), heard))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "1 of 4 runs failed: RegConv-W4, depth 5, shapes, seed 1: worker 1 has other data");
    assertThat(heard.finished).hasSize(3);
  }

  private Results alone() {
    try (Reproduction reproduction =
        Reproduction.open(
            ReproductionTest.small(),
            ReproductionTest.TWICE,
            List.of(ReproductionTest.DATA),
            folder.resolve("alone"),
            Workplace.here(Compute.threads(1)),
            "again")) {
      return ReproductionTest.untimed(reproduction.run(new Heard(), ReproductionTest.LONG));
    }
  }

  private static Results run(Path out, Copies cluster, Optional<String> store, Heard heard) {
    try (Reproduction reproduction = open(out, cluster, store)) {
      return reproduction.run(heard, ReproductionTest.LONG);
    }
  }

  private static Reproduction open(Path out, Copies cluster, Optional<String> store) {
    return Reproduction.open(
        ReproductionTest.small(),
        ReproductionTest.TWICE,
        List.of(ReproductionTest.DATA),
        out,
        Workplace.on(cluster, 2, store, Compute.threads(1)),
        "again");
  }

  private static void meet(CyclicBarrier pair) {
    try {
      pair.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("nobody trains at the same time", e);
    }
  }

  /**
   * A cluster in this process, which trains copies as machines elsewhere would. Files come whole,
   * as the page is written from a run's folder while another run comes home.
   */
  private static final class Copies implements TrainingCluster {
    private final Path machines;
    private final Consumer<Path> beginning;
    private volatile boolean stopping;

    Copies(Path machines, Consumer<Path> beginning) {
      this.machines = machines;
      this.beginning = beginning;
    }

    @Override
    public void fetch(Place place) {
      place
          .store()
          .map(Path::of)
          .filter(RecordedRun::isIn)
          .ifPresent(store -> copy(store, place.run()));
    }

    @Override
    public Outcome train(Place place, Optional<DataSpec> data, TrainingListener listener) {
      beginning.accept(place.run());
      Path kept = place.store().map(Path::of).orElse(place.run());
      Path machine = machines.resolve(String.valueOf(place.run().getFileName()));
      copy(place.run(), machine);
      try (TrainingRun run = TrainingRun.resume(machine, ReproductionTest.DATA, 1)) {
        return run.run(
            new TrainingListener() {
              @Override
              public void batch(BatchProgress progress) {
                listener.batch(progress);
                if (stopping) {
                  run.stop();
                }
              }

              @Override
              public void kept(Path folder) {
                copy(folder, kept);
              }

              @Override
              public void epoch(EpochMetrics metrics, boolean best) {
                fetch(place);
                listener.epoch(metrics, best);
              }
            });
      }
    }

    @Override
    public void stop() {
      stopping = true;
    }

    @Override
    public void close() {
      // There is nobody to leave.
    }

    private static void copy(Path from, Path to) {
      try {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
          for (Path file : files.filter(each -> !each.endsWith(FolderLock.FILE)).toList()) {
            WholeFile.write(to.resolve(file.getFileName()), out -> Files.copy(file, out));
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
