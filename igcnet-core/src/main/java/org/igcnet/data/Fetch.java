package org.igcnet.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.igcnet.Reason;
import org.igcnet.UserError;

/**
 * Downloads published data sets.
 *
 * <p>What arrives is checked against the published checksum before it is used, and appears under
 * its final name whole or not at all. A transfer that breaks leaves {@code NAME.part}, from which
 * the next goes on.
 */
public final class Fetch {
  private static final long MEGABYTE = 1_000_000;
  private static final String TORONTO = "https://www.cs.toronto.edu/~kriz/";
  private static final String STANFORD = "http://ufldl.stanford.edu/housenumbers/";

  private static final Map<String, List<RemoteFile>> PUBLISHED = published();

  private final Download download;

  Fetch(Download download) {
    this.download = download;
  }

  /** Told how far a transfer is. */
  @FunctionalInterface
  public interface ProgressListener {
    /**
     * Called many times for every megabyte, on the thread that fetches.
     *
     * @param file name of the file
     * @param received bytes that are here
     * @param total bytes of the whole file, or -1 where the server did not say
     */
    void progress(String file, long received, long total);
  }

  private static Map<String, List<RemoteFile>> published() {
    Map<String, List<RemoteFile>> sets = new LinkedHashMap<>();
    sets.put(
        "cifar10",
        List.of(
            RemoteFile.archive(
                URI.create(TORONTO + "cifar-10-binary.tar.gz"),
                "c32a1d4ab5d03f1284b67883e8d87530",
                200 * MEGABYTE,
                "cifar-10-batches-bin",
                200 * MEGABYTE)));
    sets.put(
        "cifar100",
        List.of(
            RemoteFile.archive(
                URI.create(TORONTO + "cifar-100-binary.tar.gz"),
                "03b5dce01913d631647c71ecec9e9cb8",
                200 * MEGABYTE,
                "cifar-100-binary",
                200 * MEGABYTE)));
    sets.put(
        "svhn",
        List.of(
            RemoteFile.plain(
                URI.create(STANFORD + "train_32x32.mat"),
                "e26dedcc434d2e4c54c9b2d4a06d8373",
                250 * MEGABYTE),
            RemoteFile.plain(
                URI.create(STANFORD + "test_32x32.mat"),
                "eb5a983be6a315427106f1b164d9cef3",
                100 * MEGABYTE),
            RemoteFile.plain(
                URI.create(STANFORD + "extra_32x32.mat"),
                "a93ce644f1a588dc4d68dda5feec44a7",
                1_500 * MEGABYTE)));
    return sets;
  }

  /** {@return the data sets that can be fetched} */
  public static Set<String> names() {
    return PUBLISHED.keySet();
  }

  /**
   * Downloads a data set, and unpacks it where it is an archive. What is there already is kept, if
   * it is what was published.
   *
   * @param name one of {@link #names()}
   * @param to the folder to put it in; made if need be
   * @param listener hears how far each transfer is
   * @return what is there now: a folder for each archive, or the files
   * @throws UserError where there is no such data set, the transfer fails, or what arrived or was
   *     there is not what was published
   */
  public static List<Path> fetch(String name, Path to, ProgressListener listener) {
    return fetch(published(name), to, listener);
  }

  /**
   * As {@link #fetch(String, Path, ProgressListener)}, from another server than where it was
   * published.
   *
   * @param name one of {@link #names()}
   * @param mirror which holds the published files
   * @param to the folder to put it in; made if need be
   * @param listener hears how far each transfer is
   * @return what is there now: a folder for each archive, or the files
   * @throws UserError where there is no such data set, the transfer fails, or what arrived or was
   *     there is not what was published
   */
  public static List<Path> fetch(String name, Mirror mirror, Path to, ProgressListener listener) {
    return fetch(published(name).stream().map(mirror::of).toList(), to, listener);
  }

  private static List<Path> fetch(List<RemoteFile> files, Path to, ProgressListener listener) {
    Fetch fetch = new Fetch(new Download());
    return files.stream().map(file -> fetch.fetch(file, to, listener)).toList();
  }

  private static List<RemoteFile> published(String name) {
    List<RemoteFile> files = PUBLISHED.get(name);
    if (files == null) {
      throw new UserError(
          "unknown data set '%s'; there are %s".formatted(name, String.join(", ", names())));
    }
    return files;
  }

  /** What has the right name and is something else is neither taken nor replaced. */
  private static void requirePublished(Path target, RemoteFile file) throws IOException {
    if (file.folder() != null) {
      Checksums.require(target);
    } else if (!Files.isRegularFile(target) || !Checksums.md5(target).equals(file.md5())) {
      throw new UserError(
          "'%s' is not the published file, whose MD5 is %s; move it away, and it can be fetched"
              .formatted(target, file.md5()));
    }
  }

  /** Downloads one file, and unpacks it where it is an archive. */
  Path fetch(RemoteFile file, Path to, ProgressListener listener) {
    String wanted = file.folder() == null ? file.name() : file.folder();
    Path target = to.resolve(wanted);
    try {
      if (Files.exists(target)) {
        requirePublished(target, file);
        return target;
      }
      Files.createDirectories(to);
      Path part = to.resolve(file.name() + ".part");
      download.to(part, file, listener);
      if (file.folder() == null) {
        return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Archive.unpack(part, file.name(), file.folder(), to, file.unpackedLimit());
      } finally {
        Files.deleteIfExists(part);
      }
      return target;
    } catch (IOException e) {
      throw new UserError("'%s' cannot be written: %s".formatted(target, Reason.of(e)), e);
    }
  }
}
