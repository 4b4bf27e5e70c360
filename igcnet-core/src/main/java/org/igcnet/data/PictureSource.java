package org.igcnet.data;

import java.util.List;
import java.util.Optional;

/** Encoded pictures with their classes, any of which can be had at any time, on any thread. */
sealed interface PictureSource permits PictureFolder, TarShards {
  /**
   * What a folder holds.
   *
   * @param test where it is apart
   */
  record Parts(PictureSource train, Optional<PictureSource> test) {}

  int size();

  List<String> classes();

  /** The class of one picture. */
  int label(int index);

  /** What to call one picture in messages. */
  String name(int index);

  /**
   * One picture's bytes, as they are stored.
   *
   * @throws org.igcnet.UserError where they cannot be read
   */
  byte[] bytes(int index);

  /**
   * The order of an epoch.
   *
   * @param members indexes of the pictures that are used, ascending
   * @return where in {@code members} the first picture of the epoch stands, the second, and so on
   */
  int[] order(int[] members, SplitMix random);
}
