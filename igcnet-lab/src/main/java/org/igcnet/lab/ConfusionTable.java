package org.igcnet.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What is shown of the classes that a model confuses.
 *
 * @param examination what it took each class for
 * @param classes their names
 */
record ConfusionTable(Examination examination, List<String> classes) {
  private static final int MOST_PAIRS = 12;

  /** A class, what its images were taken for, and how many were right, in percent. */
  record ClassRow(String label, List<TableCell> cells, String right) {}

  /**
   * @param shade how strongly it is coloured, in percent
   * @param own whether these are right
   */
  record TableCell(int count, String shade, boolean own, String tip) {}

  /** A class, another that its images were taken for, and their share of the class in percent. */
  record Pair(String label, String taken, int count, String share) {}

  /** Every class. */
  List<ClassRow> rows() {
    return IntStream.range(0, classes.size())
        .mapToObj(
            label ->
                new ClassRow(
                    classes.get(label),
                    IntStream.range(0, classes.size())
                        .mapToObj(taken -> cell(label, taken))
                        .toList(),
                    percent(label, label)))
        .toList();
  }

  private TableCell cell(int label, int taken) {
    return new TableCell(
        examination.count(label, taken),
        String.format(Locale.ROOT, "%.0f%%", 85 * root(label, taken)),
        taken == label,
        "%,d of %,d images of %s are taken for %s"
            .formatted(
                examination.count(label, taken),
                examination.images(label),
                classes.get(label),
                classes.get(taken)));
  }

  private String percent(int label, int taken) {
    return "%.1f"
        .formatted(
            100.0 * examination.count(label, taken) / Math.max(1, examination.images(label)));
  }

  /** Of a class's images, the root of the share, so that rare confusions are seen too. */
  private double root(int label, int taken) {
    return Math.sqrt(
        (double) examination.count(label, taken) / Math.max(1, examination.images(label)));
  }

  /** The roots of all shares, by class, then what its images were taken for. */
  double[][] roots() {
    double[][] roots = new double[classes.size()][classes.size()];
    for (int label = 0; label < classes.size(); label++) {
      for (int taken = 0; taken < classes.size(); taken++) {
        roots[label][taken] = root(label, taken);
      }
    }
    return roots;
  }

  /** What is confused most, the most first. */
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      for (int taken = 0; taken < classes.size(); taken++) {
        if (taken != label && examination.count(label, taken) > 0) {
          pairs.add(
              new Pair(
                  classes.get(label),
                  classes.get(taken),
                  examination.count(label, taken),
                  percent(label, taken)));
        }
      }
    }
    return pairs.stream()
        .sorted(Comparator.comparingInt(Pair::count).reversed())
        .limit(MOST_PAIRS)
        .toList();
  }
}
