package org.igcnet.data;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A published file.
 *
 * @param uri where it is
 * @param md5 its published checksum, 32 hexadecimal digits in lower case
 * @param limit most bytes that it may have
 * @param folder the one folder that it unpacks to, for a {@code .tar.gz}; null where it stays as it
 *     is
 * @param unpackedLimit most bytes that it may unpack to
 */
record RemoteFile(URI uri, String md5, long limit, @Nullable String folder, long unpackedLimit) {
  /** A {@code .tar.gz} with one folder in it. */
  static RemoteFile archive(URI uri, String md5, long limit, String folder, long unpackedLimit) {
    return new RemoteFile(uri, md5, limit, folder, unpackedLimit);
  }

  /** A file that stays as it is. */
  static RemoteFile plain(URI uri, String md5, long limit) {
    return new RemoteFile(uri, md5, limit, null, 0);
  }

  /** The same file from another place. */
  RemoteFile from(URI place) {
    return new RemoteFile(place, md5, limit, folder, unpackedLimit);
  }

  /** The last part of the URI. */
  String name() {
    return Path.of(uri.getPath()).getFileName().toString();
  }
}
