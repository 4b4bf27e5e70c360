package org.igcnet.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Encoded pictures with their classes, any of which can be had at any time, on any thread. */
sealed interface PictureSource permits PictureFolder, TarShards {
  /**
   * What a folder holds.
   *
   * @param train what to learn from, where there is any
   * @param test where it is apart
   * @param validation whether that is called a validation set
   * @param leftAlone what is not used
   */
  record Parts(
      Optional<PictureSource> train,
      Optional<PictureSource> test,
      boolean validation,
      List<LeftAlone> leftAlone) {
    /** What the test pictures that lie apart are to a training. */
    Part apart() {
      return validation ? Part.VALIDATION : Part.APART;
    }

    /** A sentence for each picture of both that is missing. */
    List<String> missing() {
      return all().flatMap(source -> source.missing().stream()).toList();
    }

    /** Number of pictures in both. */
    int size() {
      return all().mapToInt(PictureSource::size).sum();
    }

    private Stream<PictureSource> all() {
      return Stream.concat(train.stream(), test.stream());
    }

    /** With the test pictures left alone, as if there were none. */
    Parts withoutTest() {
      List<LeftAlone> all = new ArrayList<>(leftAlone);
      test.ifPresent(
          source ->
              source
                  .files(true)
                  .findFirst()
                  .map(
                      first ->
                          new LeftAlone(
                              "picture",
                              "of a test set that the training did not have",
                              source.size(),
                              first.name()))
                  .ifPresent(all::add));
      return new Parts(train, Optional.empty(), false, all);
    }

    /** The listing. */
    Stream<ListedFile> files() {
      return Stream.concat(
          train.stream().flatMap(source -> source.files(false)),
          test.stream().flatMap(source -> source.files(true)));
    }
  }

  int size();

  List<String> classes();

  /** The class of one picture. */
  int label(int index);

  /** What to call one picture in messages. */
  String name(int index);

  /** The same from the data's folder, as the listing has it, with {@code /} between folders. */
  String listedName(int index);

  /** How many bytes one picture has; 0 where that cannot be told. */
  long length(int index);

  /** How many bytes the longest has. */
  default long longest() {
    return IntStream.range(0, size()).parallel().mapToLong(this::length).max().orElse(0);
  }

  /** A sentence for each picture that is known to be missing, and left out when it is wanted. */
  List<String> missing();

  /**
   * The files that the pictures are in.
   *
   * @param test what is said of them
   */
  Stream<ListedFile> files(boolean test);

  /**
   * One picture's bytes, as they are stored.
   *
   * @throws SkippedPicture where this picture is missing, or can be none
   * @throws org.igcnet.UserError where more than this one cannot be read
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
