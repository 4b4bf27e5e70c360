package org.igcnet.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.onnx.Part.Layout;
import org.igcnet.onnx.Part.Permutation;
import org.igcnet.onnx.Part.Product;

/** The parts of a linear map that together take least time. */
final class FastestParts {
  private FastestParts() {}

  /** Of operations, each of which reads the one before it. Maps like this one stand round it. */
  static List<Part> of(List<Operation> map) {
    return Stream.of(Layout.values())
        .flatMap(first -> beginning(first, map).stream())
        .min(Comparator.comparingDouble(Split::repeated))
        .orElseThrow()
        .parts();
  }

  /** The fastest whose first part has a layout, for each layout of the last one. */
  private static Collection<Split> beginning(Layout first, List<Operation> map) {
    List<Map<Layout, Split>> fastest = new ArrayList<>();
    for (int end = 1; end <= map.size(); end++) {
      Map<Layout, Split> here = new EnumMap<>(Layout.class);
      kinds(map.subList(0, end))
          .filter(part -> part.layout() == first)
          .forEach(part -> keep(here, Split.of(part)));
      for (int begin = 1; begin < end; begin++) {
        Collection<Split> before = fastest.get(begin - 1).values();
        kinds(map.subList(begin, end))
            .forEach(next -> before.forEach(split -> keep(here, split.with(next))));
      }
      fastest.add(here);
    }
    return fastest.getLast().values();
  }

  private static void keep(Map<Layout, Split> fastest, Split split) {
    fastest.merge(split.parts.getLast().layout(), split, Split::faster);
  }

  /** What a run of operations can be computed as. */
  private static Stream<Part> kinds(List<Operation> operations) {
    Stream<Part> permutation =
        operations.stream().allMatch(Interleave.class::isInstance)
            ? Stream.of(new Permutation(operations.stream().map(Interleave.class::cast).toList()))
            : Stream.of();
    Stream<Part> products =
        FoldedShape.of(operations).stream()
            .flatMap(convolution -> ConvolutionCost.fastest(convolution).stream())
            .map(computed -> new Product(operations, computed));
    return Stream.concat(permutation, products);
  }

  /** The beginning of a linear map in parts. */
  private record Split(List<Part> parts, double cost) {
    static Split of(Part first) {
      return new Split(List.of(first), first.cost());
    }

    Split with(Part next) {
      return new Split(
          Stream.concat(parts.stream(), Stream.of(next)).toList(),
          cost + parts.getLast().costTo(next) + next.cost());
    }

    /** With what it takes to begin it again. */
    double repeated() {
      return cost + parts.getLast().costTo(parts.getFirst());
    }

    Split faster(Split other) {
      return other.cost < cost ? other : this;
    }
  }
}
