package org.igcnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.igcnet.model.FolderLock;
import org.igcnet.model.WholeFile;
import org.igcnet.train.RecordedRun;

/** Finds the run folders below a folder, whatever their names, and names for new ones. */
record RunFolders(Path root) {
  /** Folders below {@link #root} that a run may lie under: the data's, and one more. */
  private static final int DEPTH = 3;

  /**
   * Every run, behind links too, in the order of the folders' names.
   *
   * @throws org.igcnet.UserError where one is damaged
   */
  List<RecordedRun> read() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.walk(root, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      return folders.filter(RecordedRun::isIn).sorted().map(RecordedRun::read).toList();
    } catch (IOException e) {
      throw WholeFile.unreadable(root, e);
    } catch (UncheckedIOException e) {
      throw WholeFile.unreadable(root, Objects.requireNonNull(e.getCause()));
    }
  }

  /** A folder that holds nothing: of that name, or with a number after it. */
  Path fresh(String name) {
    Path folder = root.resolve(name);
    for (int number = 2; !holdsNothing(folder); number++) {
      folder = root.resolve(name + "-" + number);
    }
    return folder;
  }

  /** A run that was killed before it began leaves a lock's file. */
  private static boolean holdsNothing(Path folder) {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.allMatch(file -> file.endsWith(FolderLock.FILE));
    } catch (IOException e) {
      throw WholeFile.unreadable(folder, e);
    }
  }
}
