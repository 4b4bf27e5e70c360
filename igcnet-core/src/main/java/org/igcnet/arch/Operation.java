package org.igcnet.arch;

import java.util.List;
import org.igcnet.arch.Parameter.Role;

/**
 * One operation of a {@link Graph}. It reads the outputs of earlier operations by their names, and
 * writes one map, which bears its own name.
 */
public sealed interface Operation {
  /** Its name, unique in the network; also that of what it writes. */
  String name();

  /** The names of what it reads, in order. */
  List<String> inputs();

  /** The shape that it writes. */
  ImageShape output();

  /** An operation that reads one map. */
  sealed interface OfOne extends Operation {
    /** The name of what it reads. */
    String input();

    @Override
    default List<String> inputs() {
      return List.of(input());
    }
  }

  /**
   * A group convolution without bias.
   *
   * @param unit the name of the unit that it is of: {@code stage1.0}
   * @param factor what it is there: {@code conv}, {@code primary}, {@code secondary}, …
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

    /** The name of its tensor, OIHW. */
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
   */
  record Interleave(String name, String input, int rows, int columns, ImageShape output)
      implements OfOne {
    /** Where channel {@code channel} goes. */
    public int moved(int channel) {
      return channel % columns * rows + channel / columns;
    }
  }

  /** Adds up {@code branches} runs of consecutive channels (equation 21). */
  record BranchSum(String name, String input, int branches, ImageShape output) implements OfOne {}

  /**
   * Batch normalisation.
   *
   * @param unit the name of the unit that it ends
   */
  record BatchNorm(String unit, String input, ImageShape output) implements OfOne {
    @Override
    public String name() {
      return unit + ".bn";
    }

    /** The name of one of its tensors, each of which has a value a channel. */
    public String tensor(Role role) {
      return ConvUnit.normName(unit, role);
    }
  }

  /** max(0, x). */
  record Relu(String name, String input, ImageShape output) implements OfOne {}

  /** The sum of several maps of one shape. */
  record Add(String name, List<String> inputs, ImageShape output) implements Operation {}

  /**
   * The greatest value of each window of a channel; the border is never the greatest.
   *
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

  /** The mean of each channel, a map of one position. */
  record AveragePool(String name, String input, ImageShape output) implements OfOne {}

  /** The final layer. Its outputs are logits. */
  record Linear(String name, String input, Head head) implements OfOne {
    @Override
    public ImageShape output() {
      return new ImageShape(head.classes(), 1, 1);
    }
  }
}
