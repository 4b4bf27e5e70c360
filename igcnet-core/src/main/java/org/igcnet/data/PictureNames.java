package org.igcnet.data;

import java.util.Locale;

/** What the names of picture files end in. */
final class PictureNames {
  private PictureNames() {}

  /** Whether a file of this name is taken for a picture. */
  static boolean isPicture(String name) {
    return PictureFormat.isEnding(ending(name));
  }

  /** What follows the last dot, in small letters; empty where there is none. */
  static String ending(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
