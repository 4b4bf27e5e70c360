package org.igcnet.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/** Files that are opened to be read: a pipe may never begin, and a device may never end. */
public final class PlainFile {
  private PlainFile() {}

  /**
   * Refuses pipes and devices, before one is opened.
   *
   * @param file a file, or a link to one
   * @throws UserError where it is a pipe or a device
   * @throws IOException where there is nothing
   */
  public static void require(Path file) throws IOException {
    if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
      throw new UserError(
          Kind.ACCESS,
          "%s cannot be read: it is a pipe or a device, where a file would be right"
              .formatted(file));
    }
  }
}
