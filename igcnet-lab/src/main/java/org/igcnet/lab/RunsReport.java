package org.igcnet.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Scored;
import org.igcnet.data.TrainingData;
import org.igcnet.files.WholeFile;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.RunDescription;

/** A page of some runs: curves, and of each what its best model sees, costs and has learned. */
public final class RunsReport {
  private final List<Path> folders;
  private final Path file;
  private final Function<RunDescription, Repeat> repeat;

  /**
   * A report that is to be written.
   *
   * @param folders of the runs
   * @param file the page, written whole or not at all
   * @param repeat how a run's training is repeated
   */
  public RunsReport(List<Path> folders, Path file, Function<RunDescription, Repeat> repeat) {
    this.folders = List.copyOf(folders);
    this.file = file;
    this.repeat = repeat;
  }

  /**
   * What was found of a run.
   *
   * @param folder of the run
   * @param accuracy top-1 of its best model on the images, in percent, as measured now
   * @param images how many there are
   * @param kind what they are to the training: {@code validation images}
   */
  public record Found(
      String folder, String network, int depth, double accuracy, int images, String kind) {}

  /**
   * Tests the best model of each run, measures its layers, and writes the page and the tables
   * beside it.
   *
   * @param data where the images are, if not where each run had them
   * @param listener hears how far it is
   * @throws UserError where a run or the data cannot be read, or do not fit each other
   */
  public List<Found> write(Optional<DataSpec> data, Compute compute, ReportListener listener) {
    List<RecordedRun> runs = read();
    WholeFile.requireWritable(file);
    Optional<ClassTables> tables = ClassTables.beside(file);
    tables.ifPresent(ClassTables::requireWritable);
    Examiner examiner = new Examiner(data, compute, listener);
    List<RunSection> sections = new ArrayList<>();
    for (RecordedRun run : runs) {
      sections.add(section(run, sections.size()).with(examiner.examine(run)));
    }
    write(RunsPage.of(runs, sections, Renewal.NONE));
    tables.ifPresent(two -> two.write(examiner.examined));
    return examiner.found;
  }

  /**
   * Writes a page of the curves, and writes it again after each epoch for as long as one of the
   * runs is trained. Meanwhile the page loads itself again. The models are not looked at, so the
   * training keeps the processor.
   *
   * @param waiting is asked between two looks at the runs and says whether to look again
   * @return whether no run is trained any more, so that there will be no other epoch
   * @throws UserError where a run cannot be read, or the page not written
   */
  public boolean watch(BooleanSupplier waiting) {
    List<RecordedRun> shown = List.of();
    List<RecordedRun> runs = read();
    while (runs.stream().anyMatch(RunsReport::goesOn)) {
      if (!runs.equals(shown)) {
        shown = runs;
        write(ofCurves(runs, Renewal.now()));
      }
      if (!waiting.getAsBoolean()) {
        write(ofCurves(read(), Renewal.NONE));
        return false;
      }
      runs = read();
    }
    return true;
  }

  private static boolean goesOn(RecordedRun run) {
    return !run.finished() && run.underWay();
  }

  private List<RecordedRun> read() {
    return folders.stream().map(RecordedRun::read).toList();
  }

  private byte[] ofCurves(List<RecordedRun> runs, Renewal renewal) {
    List<RunSection> sections =
        IntStream.range(0, runs.size()).mapToObj(i -> section(runs.get(i), i)).toList();
    return RunsPage.of(runs, sections, renewal);
  }

  private RunSection section(RecordedRun run, int index) {
    return RunSection.of(run, index, repeat.apply(run.description()));
  }

  private void write(byte[] page) {
    WholeFile.write(file, out -> out.write(page));
  }

  /** Tests the models of several runs, which may share their data. */
  private static final class Examiner {
    private final Optional<DataSpec> data;
    private final Compute compute;
    private final ReportListener listener;
    private final Map<TrainingData, Scored> opened = new LinkedHashMap<>();
    private final List<Found> found = new ArrayList<>();
    private final List<ClassTables.Examined> examined = new ArrayList<>();

    Examiner(Optional<DataSpec> data, Compute compute, ReportListener listener) {
      this.data = data;
      this.compute = compute;
      this.listener = listener;
    }

    RunSection.ModelView examine(RecordedRun run) {
      if (run.metrics().isEmpty()) {
        throw new UserError(
            "%s has no model to report on: its first epoch is not done".formatted(run.folder()));
      }
      Model model = ModelFolder.read(run.folder());
      Scored scored = open(RecordedRun.data(run.folder(), model));
      Examination examination = Examination.of(model, scored.images(), compute, listener);
      examined.add(new ClassTables.Examined(RunsPage.name(run), model.classes(), examination));
      found.add(
          new Found(
              RunsPage.name(run),
              model.architecture().network().toString(),
              model.architecture().depth(),
              examination.accuracy(),
              examination.images(),
              scored.kind()));
      LayerTable layers =
          new LayerTable(
              model.architecture(),
              LayerTimes.images(run.description().recipe()),
              LayerTimes.measure(model, run.description().recipe(), compute.threads(), listener));
      return RunSection.model(model, scored, examination, layers);
    }

    private Scored open(TrainingData remembered) {
      return opened.computeIfAbsent(remembered, this::opened);
    }

    private Scored opened(TrainingData remembered) {
      Scored scored =
          data.map(spec -> remembered.toScore(spec, listener))
              .orElseGet(() -> remembered.toScore(UnaryOperator.identity(), listener));
      scored.leftAlone().forEach(listener::leftAlone);
      return scored;
    }
  }
}
