package org.igcnet.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.files.FolderLock;
import org.igcnet.files.WholeFile;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.RecordedRun;

/**
 * A run's folder in a file system of Hadoop: {@code file:}, {@code hdfs:}, {@code s3a:} and others.
 * Who trains works in a copy on his machine's disk.
 *
 * <p>Files are written whole or not at all: beside their places first, then moved. Stores of
 * objects know no moves, and show an object when it is whole.
 *
 * @param folder its address, with a scheme
 */
record RunStore(String folder) implements Serializable {
  /** File systems that show a file when it is closed, and move by copying. */
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "gs", "oss", "cosn", "obs");

  /** A model's weights come before what describes them, and the checkpoint tells of all others. */
  private static final List<String> ORDER =
      List.of(
          ModelFolder.WEIGHTS,
          ModelFolder.DESCRIPTION,
          RecordedRun.METRICS,
          RecordedRun.CHECKPOINT);

  /** {@return the run folder of a machine's own disk, or one that all machines see there} */
  static RunStore local(java.nio.file.Path folder) {
    return new RunStore(folder.toAbsolutePath().toUri().toString());
  }

  /**
   * Copies the run, and follows the copy from then on.
   *
   * @param copy a folder of this machine, which is made
   * @return what brings back what changes in the copy
   */
  Copy fetch(java.nio.file.Path copy) {
    try {
      FileSystem files = files();
      Files.createDirectories(copy);
      for (FileStatus file : files.listStatus(new Path(folder))) {
        String name = file.getPath().getName();
        if (file.isFile() && !name.equals(FolderLock.FILE)) {
          try (InputStream in = files.open(file.getPath())) {
            WholeFile.write(copy.resolve(name), in::transferTo);
          }
        }
      }
      return new Copy(this, copy, stamps(copy));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Begins with what a folder of this machine holds.
   *
   * @param copy the folder
   * @return what brings over what changes in it, at first everything
   */
  Copy begin(java.nio.file.Path copy) {
    return new Copy(this, copy, Map.of());
  }

  /**
   * Compares runs.
   *
   * @param run the folder of one on this machine
   * @throws UserError where the store has another
   */
  void requireSame(java.nio.file.Path run) {
    try (InputStream in = files().open(place(RecordedRun.DESCRIPTION))) {
      if (!Arrays.equals(
          in.readAllBytes(), Files.readAllBytes(run.resolve(RecordedRun.DESCRIPTION)))) {
        throw new UserError("%s holds another run than %s".formatted(folder, run));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** {@return how many epochs of the run are done} */
  int epochs() {
    try {
      FileSystem files = files();
      Path metrics = place(RecordedRun.METRICS);
      if (!files.exists(metrics)) {
        return 0;
      }
      try (InputStream in = files.open(metrics)) {
        return Math.toIntExact(
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().count());
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** {@return whether there is anything} */
  boolean isEmpty() {
    try {
      FileSystem files = files();
      Path path = new Path(folder);
      return !files.exists(path) || files.listStatus(path).length == 0;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The copy of a run on a machine's own disk. */
  static final class Copy {
    private final RunStore store;
    private final java.nio.file.Path copy;
    private Map<String, Stamp> known;

    private Copy(RunStore store, java.nio.file.Path copy, Map<String, Stamp> known) {
      this.store = store;
      this.copy = copy;
      this.known = known;
    }

    /** Writes to the store what has changed in the copy since it was last like it. */
    void keep() {
      try {
        Map<String, Stamp> now = stamps(copy);
        List<String> changed = new ArrayList<>();
        now.forEach(
            (name, stamp) -> {
              if (!name.endsWith(WholeFile.SUFFIX) && !stamp.equals(known.get(name))) {
                changed.add(name);
              }
            });
        store.write(copy, inOrder(changed));
        known = now;
      } catch (IOException e) {
        throw new UserError(
            Kind.ACCESS, "%s cannot be written: %s".formatted(store.folder, Reason.of(e)), e);
      }
    }
  }

  /** The names of a run's files in the order in which they are written. */
  static List<String> inOrder(List<String> names) {
    return names.stream()
        .sorted(Comparator.comparingInt((String name) -> ORDER.indexOf(name)).thenComparing(n -> n))
        .toList();
  }

  private record Stamp(long size, long modified) {}

  private static Map<String, Stamp> stamps(java.nio.file.Path folder) throws IOException {
    Map<String, Stamp> stamps = new HashMap<>();
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      for (java.nio.file.Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals(FolderLock.FILE)) {
          stamps.put(name, new Stamp(Files.size(file), Files.getLastModifiedTime(file).toMillis()));
        }
      }
    }
    return stamps;
  }

  private void write(java.nio.file.Path copy, List<String> names) throws IOException {
    FileSystem files = files();
    boolean moves = !OBJECT_STORES.contains(files.getUri().getScheme());
    files.mkdirs(new Path(folder));
    for (String name : names) {
      write(files, copy.resolve(name), place(moves ? name + WholeFile.SUFFIX : name));
    }
    if (moves) {
      for (String name : names) {
        move(files, place(name + WholeFile.SUFFIX), place(name));
      }
    }
  }

  private static void write(FileSystem files, java.nio.file.Path from, Path to) throws IOException {
    FSDataOutputStream out = files.create(to, true);
    try (OutputStream closing = out) {
      Files.copy(from, closing);
      if (out.hasCapability("hsync")) {
        out.hsync();
      }
    }
  }

  private void move(FileSystem files, Path from, Path to) throws IOException {
    if (isLocal(files)) {
      if (!files.rename(from, to)) {
        throw new IOException("%s cannot be moved into its place".formatted(from));
      }
    } else {
      FileContext.getFileContext(files.getUri(), files.getConf())
          .rename(files.makeQualified(from), files.makeQualified(to), Rename.OVERWRITE);
    }
  }

  private UserError unreadable(IOException e) {
    return e instanceof FileNotFoundException
        ? new UserError(Kind.MISSING, "%s does not exist".formatted(folder), e)
        : WholeFile.unreadable(folder, e);
  }

  private Path place(String name) {
    return new Path(folder, name);
  }

  /** Without the checksums that Hadoop would put beside the files of a local disk. */
  private FileSystem files() throws IOException {
    Configuration settings = SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
    FileSystem files = new Path(folder).getFileSystem(settings);
    return files instanceof LocalFileSystem local ? local.getRaw() : files;
  }

  private static boolean isLocal(FileSystem files) {
    return files.getUri().getScheme().equals("file");
  }
}
