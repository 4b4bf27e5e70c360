package org.igcnet.lab;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is shown of how well a model knows each class.
 *
 * @param examination what it took each class for
 * @param classes their names
 */
record ClassTable(Examination examination, List<String> classes) {
  /**
   * A class.
   *
   * @param images those of the class
   * @param right those of them that were taken for it
   * @param taken images of any class that were taken for it
   * @param recall right ones of its images, in percent
   * @param precision right ones of those taken for it, in percent
   */
  record ClassRow(
      String label, String images, String right, String taken, String recall, String precision) {}

  /** Every class, in the order of their labels. */
  List<ClassRow> rows() {
    return IntStream.range(0, classes.size()).mapToObj(this::row).toList();
  }

  /** Every class, the one that is found least first. */
  List<ClassRow> worstFirst() {
    return IntStream.range(0, classes.size())
        .boxed()
        .sorted(Comparator.comparingDouble(this::recall))
        .map(this::row)
        .toList();
  }

  private ClassRow row(int label) {
    int right = examination.count(label, label);
    return new ClassRow(
        classes.get(label),
        "%,d".formatted(examination.images(label)),
        "%,d".formatted(right),
        "%,d".formatted(taken(label)),
        percent(right, examination.images(label)),
        percent(right, taken(label)));
  }

  /** A class without images is found as well as can be. */
  private double recall(int label) {
    int images = examination.images(label);
    return images == 0 ? 1 : (double) examination.count(label, label) / images;
  }

  private int taken(int label) {
    return IntStream.range(0, classes.size()).map(other -> examination.count(other, label)).sum();
  }

  private static String percent(int part, int of) {
    return of == 0 ? "–" : "%.1f".formatted(100.0 * part / of);
  }
}
