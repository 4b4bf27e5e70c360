package org.igcnet.arch;

import java.util.List;
import org.igcnet.arch.Parameter.Role;

/**
 * One operation of a {@link Graph}. It reads the outputs of earlier operations by their names, and
 * writes one map, which bears its own name.
 */
public sealed interface Operation {
  /** {@return its name, unique in the network; also that of what it writes} */
  String name();

  /** {@return the names of what it reads, in order} */
  List<String> inputs();

  /** {@return the shape that it writes} */
  ImageShape output();

  /** An operation that reads one map. */
  sealed interface OfOne extends Operation {
    /** {@return the name of what it reads} */
    String input();

    @Override
    default List<String> inputs() {
      return List.of(input());
    }
  }

  /**
   * A group convolution without bias.
   *
   * @param unit the name of the unit or excitation that it is of: {@code stage1.0}
   * @param factor what it is there: {@code conv}, {@code primary}, {@code secondary}, {@code
   *     squeeze}, …
   * @param input the name of what it reads
   * @param convolution partitions, channels, kernel and stride
   * @param from the shape that it reads
   */
  record Convolution(
      String unit, String factor, String input, GroupConvolution convolution, ImageShape from)
      implements OfOne {
    @Override
    public String name() {
      return unit + "." + factor;
    }

    /** {@return the name of its tensor, OIHW} */
    public String weight() {
      return name() + ".weight";
    }

    @Override
    public ImageShape output() {
      return convolution.output(from);
    }
  }

  /**
   * The permutation Pᵀ or P of equation 5: channels taken as a matrix {@code [rows][columns]} are
   * transposed, channel r·columns + c becomes channel c·rows + r.
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param rows of the matrix; the channels of a column become neighbours
   * @param columns of the matrix
   * @param output the shape that it reads and writes
   */
  record Interleave(String name, String input, int rows, int columns, ImageShape output)
      implements OfOne {
    /**
     * {@return where channel {@code channel} goes}
     *
     * @param channel where it comes from
     */
    public int moved(int channel) {
      return channel % columns * rows + channel / columns;
    }

    /**
     * {@return where channel {@code channel} comes from}
     *
     * @param channel where it goes
     */
    public int source(int channel) {
      return channel % rows * columns + channel / rows;
    }

    /**
     * {@return where channel {@code channel} behind permutations comes from}
     *
     * @param permutations each reads the one before it
     * @param channel where it goes
     */
    public static int source(List<Interleave> permutations, int channel) {
      int source = channel;
      for (Interleave permutation : permutations.reversed()) {
        source = permutation.source(source);
      }
      return source;
    }

    /** {@return whether every channel stays where it is} */
    public boolean identity() {
      return rows == 1 || columns == 1;
    }
  }

  /**
   * Adds up {@code branches} runs of consecutive channels (equation 21).
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param branches how many runs
   * @param output the shape that it writes
   */
  record BranchSum(String name, String input, int branches, ImageShape output) implements OfOne {}

  /**
   * Batch normalisation.
   *
   * @param unit the name of the unit that it ends
   * @param input the name of what it reads
   * @param output the shape that it reads and writes
   */
  record BatchNorm(String unit, String input, ImageShape output) implements OfOne {
    @Override
    public String name() {
      return unit + ".bn";
    }

    /**
     * {@return the name of one of its tensors, each of which has a value a channel}
     *
     * @param role one of batch normalisation's
     */
    public String tensor(Role role) {
      return ConvUnit.normName(unit, role);
    }

    /** {@return the names of γ and β} */
    public List<String> weights() {
      return List.of(tensor(Role.GAMMA), tensor(Role.BETA));
    }
  }

  /**
   * max(0, x).
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param output the shape that it reads and writes
   */
  record Relu(String name, String input, ImageShape output) implements OfOne {}

  /**
   * 1 / (1 + e⁻ˣ).
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param output the shape of both
   */
  record Sigmoid(String name, String input, ImageShape output) implements OfOne {}

  /**
   * A map times a factor for each of its channels.
   *
   * @param name its own name, and that of what it writes
   * @param input the name of the map
   * @param factors the name of a map of one position with as many channels
   * @param output the shape of the map
   */
  record Scale(String name, String input, String factors, ImageShape output) implements Operation {
    @Override
    public List<String> inputs() {
      return List.of(input, factors);
    }
  }

  /**
   * The sum of several maps of one shape.
   *
   * @param name its own name, and that of what it writes
   * @param inputs the names of the maps that it reads
   * @param output the shape of each of them, and of the sum
   */
  record Add(String name, List<String> inputs, ImageShape output) implements Operation {}

  /**
   * The greatest value of each window of a channel; the border is never the greatest.
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param kernel the window
   * @param stride step between neighbouring windows, in both directions
   * @param from the shape that it reads
   */
  record MaxPool(String name, String input, Kernel kernel, int stride, ImageShape from)
      implements OfOne {
    /** Sizes are divided by the stride, rounded up. */
    @Override
    public ImageShape output() {
      return new ImageShape(
          from.channels(), Math.ceilDiv(from.height(), stride), Math.ceilDiv(from.width(), stride));
    }
  }

  /**
   * The mean of each channel, a map of one position.
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param output the shape that it writes, of one row and one column
   */
  record AveragePool(String name, String input, ImageShape output) implements OfOne {}

  /**
   * The final layer. Its outputs are logits.
   *
   * @param name its own name, and that of what it writes
   * @param input the name of what it reads
   * @param head its features and classes
   */
  record Linear(String name, String input, Head head) implements OfOne {
    @Override
    public ImageShape output() {
      return new ImageShape(head.classes(), 1, 1);
    }
  }
}
