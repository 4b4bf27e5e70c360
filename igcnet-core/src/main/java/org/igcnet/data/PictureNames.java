package org.igcnet.data;

import java.util.Locale;
import java.util.Set;

/** What the names of picture files end in. */
final class PictureNames {
  private static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif");

  private PictureNames() {}

  /** Whether a file of this name is taken for a picture. */
  static boolean isPicture(String name) {
    return isPictureEnding(ending(name));
  }

  /** Whether files with this ending, in small letters and without its dot, are pictures. */
  static boolean isPictureEnding(String ending) {
    return ENDINGS.contains(ending);
  }

  /** What follows the last dot, in small letters; empty where there is none. */
  static String ending(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
