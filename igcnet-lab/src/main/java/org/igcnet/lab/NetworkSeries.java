package org.igcnet.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.igcnet.lab.page.Series;

/** How each network of an experiment is drawn, all over a page. */
final class NetworkSeries {
  private final Experiment experiment;
  private final Map<String, Series> series = new LinkedHashMap<>();

  /** Of those networks that there are results of. */
  NetworkSeries(Experiment experiment, Results results) {
    this.experiment = experiment;
    for (Experiment.Group group : experiment.networks()) {
      List<String> shown =
          group.names().stream()
              .filter(name -> results.cells().stream().anyMatch(c -> c.network().equals(name)))
              .toList();
      shown.forEach(name -> series.put(name, new Series(shown.indexOf(name), shown.size(), name)));
    }
  }

  /** A group's networks. */
  record Legend(String title, List<Key> keys) {}

  record Key(String name, String sign) {}

  /** How a network is drawn. */
  Series of(String network) {
    Series found = series.get(network);
    if (found == null) {
      throw new IllegalArgumentException(network + " is not shown");
    }
    return found;
  }

  List<Legend> legends() {
    return experiment.networks().stream()
        .map(
            group ->
                new Legend(
                    group.title(),
                    group.names().stream()
                        .flatMap(name -> Stream.ofNullable(series.get(name)))
                        .map(s -> new Key(s.name(), s.sign()))
                        .toList()))
        .filter(legend -> !legend.keys().isEmpty())
        .toList();
  }
}
