package org.igcnet.files;

import java.util.regex.Pattern;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/**
 * A format that files name, with its version. A file of an older version is read for ever; one of a
 * later version is refused, as nobody knows yet what it says.
 *
 * @param name as the files say it
 * @param version the present one, which is written; they count from 1
 */
public record FileFormat(String name, int version) {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  /**
   * Which version a file is of.
   *
   * @param where the file, for the refusal
   * @param found what it says
   * @return from 1 to the present one
   * @throws UserError where that is no version, or one that this program does not read
   */
  public int version(String where, String found) {
    int number = NUMBER.matcher(found).matches() ? Integer.parseInt(found) : 0;
    if (number == 0 || number > version) {
      throw new UserError(
          Kind.DAMAGED,
          "%s has %s of the format \"%s\"; this program reads version%s%s"
              .formatted(
                  where,
                  number == 0 ? "no version" : "version " + number,
                  name,
                  version == 1 ? " 1" : "s 1 to " + version,
                  number == 0 ? "" : "; a newer igcnet wrote it"));
    }
    return number;
  }
}
