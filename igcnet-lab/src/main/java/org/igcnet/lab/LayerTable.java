package org.igcnet.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.cpu.train.PassTime;
import org.igcnet.theory.LayerCost;
import org.igcnet.theory.NetworkCost;

/**
 * What is shown of the sizes and times of a network's layers.
 *
 * @param images of the training step that was measured
 * @param times of that step
 */
record LayerTable(Architecture architecture, int images, List<PassTime> times) {
  /**
   * A layer.
   *
   * @param kind its convolutions, by partitions and channels
   * @param share of the whole step's time, in percent
   * @param bar its length, in percent of that of the layer that takes most
   */
  record LayerRow(
      String name,
      String kind,
      String output,
      String parameters,
      String multiplyAdds,
      String forward,
      String backward,
      String share,
      String bar) {}

  /** The convolutions, the final layer, and what else took time. */
  List<LayerRow> rows() {
    Map<String, ImageShape> outputs = new HashMap<>();
    architecture.units().forEach(unit -> outputs.put(unit.name(), unit.output()));
    Map<String, List<LayerCost>> units = new LinkedHashMap<>();
    for (LayerCost layer : NetworkCost.of(architecture).layers()) {
      units.computeIfAbsent(layer.unit(), _ -> new ArrayList<>()).add(layer);
    }
    List<LayerRow> rows = new ArrayList<>();
    units.forEach(
        (unit, layers) -> {
          ImageShape output = outputs.getOrDefault(unit, layers.getLast().output());
          rows.add(row(unit, layers, output.toString()));
        });
    List<String> shown = rows.stream().map(LayerRow::name).toList();
    times.stream()
        .map(PassTime::name)
        .filter(name -> !shown.contains(name))
        .distinct()
        .forEach(name -> rows.add(row(name, List.of(), "")));
    return rows;
  }

  private LayerRow row(String name, List<LayerCost> layers, String output) {
    double taken = seconds(name);
    return new LayerRow(
        name,
        String.join(" → ", layers.stream().map(LayerTable::words).toList()),
        output,
        layers.isEmpty()
            ? ""
            : "%,d".formatted(layers.stream().mapToLong(LayerCost::parameters).sum()),
        layers.isEmpty()
            ? ""
            : "%,d".formatted(layers.stream().mapToLong(LayerCost::multiplyAdds).sum()),
        "%.2f".formatted(1e3 * own(name).stream().mapToDouble(PassTime::forward).sum()),
        "%.2f".formatted(1e3 * own(name).stream().mapToDouble(PassTime::backward).sum()),
        percent(taken, times.stream().mapToDouble(LayerTable::both).sum()),
        percent(
            taken,
            times.stream().map(PassTime::name).mapToDouble(this::seconds).max().orElse(taken)));
  }

  private List<PassTime> own(String name) {
    return times.stream().filter(time -> time.name().equals(name)).toList();
  }

  private double seconds(String name) {
    return own(name).stream().mapToDouble(LayerTable::both).sum();
  }

  private static double both(PassTime time) {
    return time.forward() + time.backward();
  }

  private static String percent(double part, double of) {
    return String.format(Locale.ROOT, "%.1f", 100 * part / of);
  }

  /** One convolution: partitions, and channels of each. */
  private static String words(LayerCost layer) {
    int groups = layer.convolution().groups();
    return "%s %s%d→%d"
        .formatted(
            layer.kind(),
            groups == 1 ? "" : groups + " × ",
            layer.convolution().inputChannels() / groups,
            layer.convolution().outputChannels() / groups);
  }

  /** The whole step, in a sentence's part. */
  String step() {
    return "%.1f ms forward and %.1f ms backward for %d images, the least of some steps"
        .formatted(
            1e3 * times.stream().mapToDouble(PassTime::forward).sum(),
            1e3 * times.stream().mapToDouble(PassTime::backward).sum(),
            images);
  }
}
