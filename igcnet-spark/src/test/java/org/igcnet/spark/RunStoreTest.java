package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  private static final EpochMetrics METRICS =
      new EpochMetrics(1, 2, 0.1, 3, 4, Optional.empty(), 5, 6, 7, 8, 9);

  @TempDir private Path folder;
  private Path place;
  private Path home;
  private RunStore store;

  /** The settings of file systems are those of the running Spark. */
  @BeforeAll
  static void begin() {
    assertThat(LocalSpark.SESSION.sparkContext().isStopped()).isFalse();
  }

  @BeforeEach
  void makeFolders() throws IOException {
    place = folder.resolve("store");
    home = Files.createDirectory(folder.resolve("home"));
    store = RunStore.local(place);
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.writeString(Files.createDirectories(folder).resolve(name), text);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFolderOfThisMachineHasAScheme() {
    assertThat(RunStore.local(Path.of("/runs/a b")).folder()).isEqualTo("file:///runs/a%20b");
  }

  @Test
  void itIsEmptyUntilSomethingIsInIt() throws IOException {
    assertThat(store.isEmpty()).isTrue();
    Files.createDirectory(place);
    assertThat(store.isEmpty()).isTrue();
    write(place, "a", "");
    assertThat(store.isEmpty()).isFalse();
  }

  @Test
  void anEpochIsALineOfItsMetrics() throws IOException {
    assertThat(store.epochs()).isZero();
    write(place, "metrics.jsonl", "{}\n{}\n{}\n");
    assertThat(store.epochs()).isEqualTo(3);
  }

  @Test
  void allButTheLockIsFetched() throws IOException {
    write(place, "run.json", "{}");
    write(place, "last.safetensors", "weights");
    write(place, ".lock", "");
    Files.createDirectory(place.resolve("inner"));
    Path copy = folder.resolve("copy");
    store.fetch(copy);
    assertThat(names(copy)).containsExactly("last.safetensors", "run.json");
    assertThat(copy.resolve("last.safetensors")).hasContent("weights");
  }

  @Test
  void whatIsBegunIsKeptButForTheLockAndHalfWrittenFiles() throws IOException {
    write(home, "run.json", "{}");
    write(home, "metrics.jsonl", "{}\n");
    write(home, ".lock", "");
    write(home, "last.safetensors.new", "half");
    store.begin(home).keep();
    assertThat(names(place)).containsExactly("metrics.jsonl", "run.json");
  }

  @Test
  void onlyWhatHasChangedIsWritten() throws IOException {
    write(place, "run.json", "{}");
    write(place, "metrics.jsonl", "{}\n");
    RunStore.Copy copy = store.fetch(home);
    FileTime before = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(place.resolve("run.json"), before);
    write(home, "metrics.jsonl", "{}\n{}\n");
    copy.keep();
    assertThat(place.resolve("metrics.jsonl")).hasContent("{}\n{}\n");
    assertThat(Files.getLastModifiedTime(place.resolve("run.json"))).isEqualTo(before);
    write(place, "metrics.jsonl", "theirs");
    copy.keep();
    assertThat(place.resolve("metrics.jsonl")).hasContent("theirs");
  }

  @Test
  void anotherRunIsRefused() throws IOException {
    write(place, "run.json", "{}");
    write(home, "run.json", "{}");
    store.requireSame(home);
    write(home, "run.json", "{ }");
    assertThatThrownBy(() -> store.requireSame(home))
        .isInstanceOf(UserError.class)
        .hasMessage("%s holds another run than %s".formatted(store.folder(), home));
  }

  @Test
  void aStoreThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> store.fetch(home))
        .isInstanceOfSatisfying(
            UserError.class, missing -> assertThat(missing.kind()).isEqualTo(Kind.MISSING))
        .hasMessage("%s does not exist".formatted(store.folder()));
  }

  @Test
  void aFileSystemThatNobodyKnowsIsRefused() throws IOException {
    RunStore nowhere = new RunStore("nowhere://host/run");
    assertThatThrownBy(nowhere::isEmpty)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("nowhere://host/run cannot be read: ");
    write(home, "run.json", "{}");
    assertThatThrownBy(() -> nowhere.begin(home).keep())
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.ACCESS))
        .hasMessageStartingWith("nowhere://host/run cannot be written: ");
  }

  @Test
  void aRunComesHomeBeforeItsEpochIsHeardOf() throws IOException {
    write(place, "metrics.jsonl", "{}\n");
    List<String> there = new ArrayList<>();
    new ComingHome(store, home, onEpoch(() -> there.addAll(names(home)))).epoch(METRICS, true);
    assertThat(there).containsExactly("metrics.jsonl");
  }

  @Test
  void aRunThatCannotComeHomeStaysAndItsEpochIsHeardOf() {
    List<String> heard = new ArrayList<>();
    new ComingHome(store, home, onEpoch(() -> heard.add("epoch"))).epoch(METRICS, true);
    assertThat(heard).containsExactly("epoch");
    assertThat(ComingHome.tried(store, home))
        .hasValueSatisfying(stays -> assertThat(stays).hasMessageEndingWith("does not exist"));
  }

  private interface Look {
    void now() throws IOException;
  }

  private static TrainingListener onEpoch(Look look) {
    return new TrainingListener() {
      @Override
      public void batch(BatchProgress progress) {}

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {
        try {
          look.now();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  @Test
  void aScratchFolderGoesWithAllThatIsInIt() throws IOException {
    Path scratch;
    try (Scratch made = Scratch.create()) {
      scratch = made.folder();
      write(scratch.resolve("a/b"), "c", "text");
    }
    assertThat(scratch).doesNotExist();
  }

  @Test
  void weightsComeBeforeWhatDescribesThemAndTheCheckpointIsLast() {
    assertThat(
            RunStore.inOrder(
                List.of(
                    "last.safetensors",
                    "metrics.jsonl",
                    "model.json",
                    "model.safetensors",
                    "pictures.txt",
                    "run.json")))
        .containsExactly(
            "pictures.txt",
            "run.json",
            "model.safetensors",
            "model.json",
            "metrics.jsonl",
            "last.safetensors");
  }
}
