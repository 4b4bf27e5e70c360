package org.igcnet.data;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.igcnet.UserError;

/**
 * Another server that holds published files, under their own names. It need not be trusted: what it
 * sends is checked against the published checksum.
 */
public final class Mirror {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private final URI folder;

  private Mirror(URI folder) {
    this.folder = folder;
  }

  /**
   * A mirror by its address.
   *
   * @param address of the folder that the files are in: {@code https://mirror.example.org/cifar}
   * @return the mirror, which is not asked for anything yet
   * @throws UserError where the address is none of a folder of the web
   */
  public static Mirror of(String address) {
    try {
      URI folder = new URI(address.endsWith("/") ? address : address + "/");
      if (isOfTheWeb(folder) && isFolder(folder)) {
        return new Mirror(folder);
      }
      throw refused(address);
    } catch (URISyntaxException _) {
      throw refused(address);
    }
  }

  private static boolean isOfTheWeb(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return uri.getHost() != null && SCHEMES.contains(scheme);
  }

  private static boolean isFolder(URI uri) {
    return uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
  }

  private static UserError refused(String address) {
    return new UserError(
        "'%s' is no mirror; http://HOST/FOLDER and https://HOST/FOLDER are".formatted(address));
  }

  /** A published file as it is here. */
  RemoteFile of(RemoteFile file) {
    String path = file.uri().getRawPath();
    return file.from(folder.resolve(path.substring(path.lastIndexOf('/') + 1)));
  }
}
