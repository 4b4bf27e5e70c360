package org.igcnet.cpu.plain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Add;
import org.igcnet.arch.Operation.AveragePool;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.arch.Operation.Relu;
import org.igcnet.arch.Operation.Scale;
import org.igcnet.arch.Operation.Sigmoid;
import org.igcnet.backend.NormGroups;
import org.igcnet.cpu.plain.Slots.Lifetime;

/**
 * What a network does with a batch, layer by layer, and where every map lies. Nothing is allocated
 * yet.
 *
 * @param groups of the largest batch
 * @param layers in the order in which they run forward
 * @param names what the time of each is told under: the unit's, {@code fc}, or a pool's
 * @param storages of the maps; the first is that of the images
 * @param image where the images lie
 * @param logits where the logits lie
 * @param statistics numbers that norms keep from forward to backward
 */
record PlainPlan(
    NormGroups groups,
    List<Layer> layers,
    List<String> names,
    List<Storage> storages,
    Place image,
    Place logits,
    int statistics) {
  PlainPlan {
    layers = List.copyOf(layers);
    names = List.copyOf(names);
    storages = List.copyOf(storages);
  }

  /**
   * What holds a map, or several that write in each other's place.
   *
   * @param floats how long it is
   * @param writer the index of the layer that writes it first; −1 for the images
   * @param reader that of the layer that reads or changes it last
   */
  record Storage(long floats, int writer, int reader) {}

  static PlainPlan of(Architecture architecture, NormGroups groups) {
    Graph graph = Graph.of(architecture);
    Planner planner = new Planner(grids(graph, architecture.input()), groups);
    Place image = planner.image(architecture.input());
    graph.forEach(planner::add);
    return new PlainPlan(
        groups,
        planner.layers,
        planner.names,
        planner.storages,
        image,
        Objects.requireNonNull(planner.places.get(last(graph))),
        planner.statistics);
  }

  /** What running forward and backward takes: every map is kept. */
  Lengths learning() {
    List<Lifetime> backward =
        storages.stream()
            .skip(1)
            .map(s -> new Lifetime(s.floats(), -s.reader(), -s.writer()))
            .toList();
    return new Lengths(
        true,
        Slots.apart(forward()),
        Slots.shared(backward),
        statistics,
        groups.count() * most(layers.stream()),
        most(layers.stream().filter(ConvolutionLayer.class::isInstance)),
        rows());
  }

  /** What running forward by the running averages takes. */
  Lengths predicting() {
    Slots none = Slots.apart(List.of());
    return new Lengths(false, Slots.shared(forward()), none, statistics, 0, 0, rows());
  }

  /** The logits are read at the end. */
  private List<Lifetime> forward() {
    Storage last = storages.get(logits.storage());
    return storages.stream()
        .map(s -> new Lifetime(s.floats(), s.writer(), s.equals(last) ? layers.size() : s.reader()))
        .toList();
  }

  private static long most(Stream<Layer> layers) {
    return layers.mapToLong(Layer::sums).max().orElse(0);
  }

  private int rows() {
    return layers.stream().mapToInt(Layer::rows).max().orElse(0);
  }

  private static String last(Graph graph) {
    return graph.operations().getLast().name();
  }

  private record Size(int height, int width) {
    static Size of(ImageShape shape) {
      return new Size(shape.height(), shape.width());
    }
  }

  /** All maps of one size have the borders of the widest kernel that reads one. */
  private static Map<Size, Grid> grids(Graph graph, ImageShape input) {
    Map<Size, Grid> grids = new HashMap<>();
    widen(grids, input, 0, 0);
    for (Operation operation : graph) {
      if (operation instanceof Convolution own) {
        Taps taps = taps(own);
        widen(grids, own.output(), taps.padRows(), taps.padColumns());
      } else {
        widen(grids, operation.output(), 0, 0);
      }
    }
    return grids;
  }

  private static void widen(Map<Size, Grid> grids, ImageShape shape, int rows, int columns) {
    grids.merge(
        Size.of(shape),
        new Grid(shape.height(), shape.width(), rows, columns),
        (a, b) ->
            new Grid(
                a.height(),
                a.width(),
                Math.max(a.padRows(), b.padRows()),
                Math.max(a.padColumns(), b.padColumns())));
  }

  private static Taps taps(Convolution own) {
    return Taps.of(own.convolution().kernel(), own.convolution().stride());
  }

  /** Turns operations into layers, one after the other. */
  private static final class Planner {
    private final Map<Size, Grid> grids;
    private final NormGroups groups;
    private final List<Layer> layers = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Storage> storages = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private int statistics;
    private String unit = "";

    Planner(Map<Size, Grid> grids, NormGroups groups) {
      this.grids = grids;
      this.groups = groups;
    }

    Place image(ImageShape shape) {
      Place image = take(shape.channels(), shape, -1);
      places.put(Graph.IMAGE, image);
      return image;
    }

    /**
     * ReLUs, sigmoids and sums write in the place of what they read first, which nothing else
     * reads. What is interleaved is the same channels by other numbers.
     */
    void add(Operation operation) {
      List<Place> inputs =
          operation.inputs().stream()
              .map(name -> Objects.requireNonNull(places.get(name)))
              .toList();
      inputs.forEach(this::read);
      unit = unit(operation);
      Place from = inputs.getFirst();
      places.put(
          operation.name(),
          switch (operation) {
            case Convolution own -> convolve(own, from);
            case Interleave own -> interleave(own, from);
            case BranchSum own -> sum(own, from);
            case BatchNorm own -> normalise(own, from);
            case Relu _ -> {
              layers.add(new ReluLayer(from));
              yield from;
            }
            case Sigmoid _ -> {
              layers.add(new SigmoidLayer(from));
              yield from;
            }
            case Scale own -> scale(own, from, inputs.getLast());
            case Add _ -> {
              inputs.stream().skip(1).forEach(summand -> addTo(from, summand));
              yield from;
            }
            case MaxPool own -> pool(own, from);
            case AveragePool own -> {
              Place to = take(own.output());
              layers.add(new AveragePoolLayer(from, to));
              yield to;
            }
            case Linear own -> classify(own, from);
          });
      names.addAll(Collections.nCopies(layers.size() - names.size(), unit));
    }

    /** What follows a unit's convolutions is counted with these. */
    private String unit(Operation operation) {
      return switch (operation) {
        case Convolution own -> own.unit();
        case MaxPool own -> own.name();
        case Linear own -> own.name();
        case Interleave _,
            BranchSum _,
            BatchNorm _,
            Relu _,
            Sigmoid _,
            Scale _,
            Add _,
            AveragePool _ ->
            unit;
      };
    }

    private void addTo(Place sum, Place summand) {
      read(sum);
      read(summand);
      layers.add(new AddLayer(sum, summand));
    }

    private Place convolve(Convolution own, Place from) {
      Taps taps = taps(own);
      Place read = own.convolution().stride() == 1 ? from : sort(taps, from, own.output());
      Place to = take(own.output());
      int partitions = own.convolution().groups();
      layers.add(new ConvolutionLayer(own.weight(), read, to, taps, partitions));
      return to;
    }

    private Place sort(Taps taps, Place from, ImageShape output) {
      int channels = from.channels() * taps.phases().size();
      Place sorted = take(channels, output, layers.size());
      layers.add(new PhaseLayer(from, sorted, taps));
      read(sorted);
      return sorted;
    }

    private static Place interleave(Interleave own, Place from) {
      int[] order = new int[from.channels()];
      Arrays.setAll(order, channel -> channel);
      int[] source = new int[from.channels()];
      for (int channel : order) {
        source[own.moved(channel)] = channel;
      }
      return from.reordered(source);
    }

    private Place sum(BranchSum own, Place from) {
      Place to = take(own.output());
      layers.add(new BranchSumLayer(from, to));
      return to;
    }

    private Place normalise(BatchNorm own, Place from) {
      Place to = from.in(take(own.output()).storage());
      layers.add(new NormLayer(own, from, to, statistics));
      statistics += 2 * groups.count() * from.channels();
      return to;
    }

    private Place scale(Scale own, Place from, Place factors) {
      Place to = from.in(take(own.output()).storage());
      layers.add(new ScaleLayer(from, factors, to));
      return to;
    }

    private Place pool(MaxPool own, Place from) {
      Place to = take(own.output());
      layers.add(new MaxPoolLayer(from, to, own.kernel(), own.stride()));
      return to;
    }

    private Place classify(Linear own, Place from) {
      Place to = take(own.output());
      layers.add(new ConvolutionLayer(Head.WEIGHT, from, to, Taps.of(Kernel.POINT, 1), 1));
      read(to);
      layers.add(new BiasLayer(Head.BIAS, to));
      return to;
    }

    /** A place for what the next layer writes. */
    private Place take(ImageShape shape) {
      return take(shape.channels(), shape, layers.size());
    }

    private Place take(int channels, ImageShape shape, int writer) {
      Grid grid = Objects.requireNonNull(grids.get(Size.of(shape)));
      long floats = grid.floats(groups.images(0)) * channels * groups.count();
      storages.add(new Storage(floats, writer, writer));
      return Place.of(storages.size() - 1, grid, channels, groups.images(0));
    }

    /** The next layer reads a map. */
    private void read(Place place) {
      Storage storage = storages.get(place.storage());
      storages.set(place.storage(), new Storage(storage.floats(), storage.writer(), layers.size()));
    }
  }
}
