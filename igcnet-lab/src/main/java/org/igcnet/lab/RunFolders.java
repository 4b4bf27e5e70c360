package org.igcnet.lab;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.igcnet.files.FolderLock;
import org.igcnet.files.WholeFile;
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
    return below(root).filter(RecordedRun::isIn).sorted().map(RecordedRun::read).toList();
  }

  /** What lies below a folder. Others write there meanwhile: what is gone by now was no run. */
  private static Stream<Path> below(Path root) {
    List<Path> found = new ArrayList<>();
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return visitFile(folder, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException
                || failure instanceof FileSystemLoopException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        };
    try {
      Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), DEPTH, visitor);
    } catch (IOException e) {
      throw WholeFile.unreadable(root, e);
    }
    return found.stream();
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
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
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
