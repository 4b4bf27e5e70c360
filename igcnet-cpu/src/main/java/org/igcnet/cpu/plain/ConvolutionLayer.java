package org.igcnet.cpu.plain;

import java.util.Arrays;
import org.igcnet.cpu.plain.Workspace.Stretch;

/**
 * A group convolution: each output channel is a weighted sum of rows, one for each tap and input
 * channel of its partition. The final layer is one too, of images with one position.
 */
final class ConvolutionLayer implements Layer {
  /** Rows of sums that a slice of output channels may take while their weights' are summed up. */
  private static final int SUMS = 512;

  private final String weight;
  private final Place from;
  private final Place to;
  private final Taps taps;
  private final int partitions;

  /** How far each tap is from the output's own position, in a run. */
  private final int[] shifts;

  private final int phases;

  /** Input channels of a partition, and its output channels. */
  private final int inputs;

  private final int outputs;

  /** Weights of an output channel. */
  private final int fanIn;

  /** Output channels whose weights' gradients are summed up at a time. */
  private final int slice;

  /**
   * Of a graph's convolution.
   *
   * @param weight the name of its tensor, OIHW
   * @param from the phases of its input, see {@link PhaseLayer}
   * @param to has the same grid
   * @param partitions number of groups
   */
  ConvolutionLayer(String weight, Place from, Place to, Taps taps, int partitions) {
    this.weight = weight;
    this.from = from;
    this.to = to;
    this.taps = taps;
    this.partitions = partitions;
    this.shifts = taps.shifts(to.grid());
    this.phases = taps.phases().size();
    this.inputs = from.channels() / phases / partitions;
    this.outputs = to.channels() / partitions;
    this.fanIn = inputs * taps.count();
    this.slice = Math.clamp(SUMS / fanIn, 1, outputs);
  }

  @Override
  public void forward(Workspace work) {
    work.eachStretch(to.grid(), partitions, (stretch, rows) -> forward(work, stretch, rows));
  }

  private void forward(Workspace work, Stretch stretch, float[][] rows) {
    copyInputs(work, stretch, rows, 1, 0);
    float[] y = work.values(to);
    float[] sum = rows[fanIn];
    int first = stretch.partition() * outputs;
    int weights = work.offset(weight) + first * fanIn;
    for (int o = 0; o < outputs; o++) {
      int run = to.index(stretch.group(), first + o);
      Arrays.fill(sum, 0);
      Loops.add(rows, fanIn, work.weights(), weights + o * fanIn, sum);
      store(sum, to, y, run, stretch);
      if (stretch.from() == 0) {
        to.grid().clearEnds(y, run, work.images(stretch.group()));
      }
    }
  }

  /** What each tap reads of each input channel, into every {@code step}-th row. */
  private void copyInputs(Workspace work, Stretch stretch, float[][] rows, int step, int first) {
    float[] x = work.values(from);
    int row = first;
    for (int i = 0; i < inputs; i++) {
      for (int k = 0; k < shifts.length; k++) {
        int channel = input(stretch.partition(), i, taps.phase(k));
        int at = from.index(stretch.group(), channel) + stretch.from() + shifts[k];
        Loops.copy(x, at, stretch.length(), rows[row]);
        row += step;
      }
    }
  }

  private static void store(float[] row, Place place, float[] to, int run, Stretch stretch) {
    place.grid().clearBorders(row, 0, stretch.from(), stretch.length());
    System.arraycopy(row, 0, to, run + stretch.from(), stretch.length());
  }

  @Override
  public void backward(Workspace work) {
    if (work.learns(from)) {
      float[] turned = turned(work);
      work.eachStretch(
          from.grid(), partitions, (stretch, rows) -> inputGradient(work, stretch, turned, rows));
    }
    int slices = Math.ceilDiv(outputs, slice);
    work.eachTask(
        partitions * slices,
        (group, task, rows) -> {
          int first = task % slices * slice;
          int count = Math.min(slice, outputs - first);
          weightGradient(work, group, task / slices * outputs + first, count, rows);
        });
    work.addGroups(to.channels() * fanIn);
    work.setGradients(0, to.channels() * fanIn, work.offset(weight));
  }

  /** The weights in the order {@code [partition][phase][input channel][output channel][tap]}. */
  private float[] turned(Workspace work) {
    float[] turned = work.turned();
    int next = 0;
    for (int partition = 0; partition < partitions; partition++) {
      int weights = work.offset(weight) + partition * outputs * fanIn;
      for (int phase = 0; phase < phases; phase++) {
        int[] own = taps.of(phase);
        for (int i = 0; i < inputs; i++) {
          for (int o = 0; o < outputs; o++) {
            for (int k : own) {
              turned[next++] = work.weights()[weights + o * fanIn + i * shifts.length + k];
            }
          }
        }
      }
    }
    return turned;
  }

  /** An input's gradient is a weighted sum of outputs' gradients, each tap the other way. */
  private void inputGradient(Workspace work, Stretch stretch, float[] turned, float[][] rows) {
    float[] dx = work.gradients(from);
    int weights = stretch.partition() * outputs * fanIn;
    for (int phase = 0; phase < phases; phase++) {
      int count = copyGradients(work, stretch, taps.of(phase), rows);
      float[] sum = rows[count];
      for (int i = 0; i < inputs; i++) {
        int run = from.index(stretch.group(), input(stretch.partition(), i, phase));
        Loops.copy(dx, run + stretch.from(), stretch.length(), sum);
        Loops.add(rows, count, turned, weights, sum);
        store(sum, from, dx, run, stretch);
        weights += count;
      }
    }
  }

  /** Where some taps of each output channel read a position, the gradients; returns the rows. */
  private int copyGradients(Workspace work, Stretch stretch, int[] own, float[][] rows) {
    float[] dy = work.gradients(to);
    int row = 0;
    for (int o = 0; o < outputs; o++) {
      int at = to.index(stretch.group(), stretch.partition() * outputs + o) + stretch.from();
      for (int k : own) {
        Loops.copy(dy, at - shifts[k], stretch.length(), rows[row++]);
      }
    }
    return row;
  }

  /**
   * The gradients of the weights of {@code count} output channels from {@code first} on, for a
   * group: each is a sum of products, by a row of sums.
   */
  private void weightGradient(Workspace work, int group, int first, int count, float[][] rows) {
    int beside = Loops.SIDE_BY_SIDE;
    float[][] gradients = Arrays.copyOfRange(rows, beside * fanIn, beside * (fanIn + count));
    float[][] sums = Arrays.copyOfRange(rows, rows.length - count * fanIn, rows.length);
    for (float[] sum : sums) {
      Arrays.fill(sum, 0);
    }
    int end = to.grid().run(work.images(group));
    for (int from = 0; from < end; from += beside * Loops.ROW) {
      for (int j = 0; j < beside; j++) {
        int begin = Math.min(end, from + j * Loops.ROW);
        int length = Math.min(Loops.ROW, end - begin);
        copyInputs(work, new Stretch(group, first / outputs, begin, length), rows, beside, j);
        for (int o = 0; o < count; o++) {
          int at = to.index(group, first + o) + begin;
          Loops.copy(work.gradients(to), at, length, gradients[o * beside + j]);
        }
      }
      for (int o = 0; o < count; o++) {
        for (int w = 0; w < fanIn; w++) {
          Loops.addProducts(gradients, o * beside, rows, w * beside, sums[o * fanIn + w]);
        }
      }
    }
    int at = (group * to.channels() + first) * fanIn;
    for (int w = 0; w < sums.length; w++) {
      work.sums()[at + w] = (float) Loops.sum(sums[w], 0, Loops.ROW);
    }
  }

  private int input(int partition, int channel, int phase) {
    return (partition * inputs + channel) * phases + phase;
  }

  @Override
  public long sums() {
    return (long) to.channels() * fanIn;
  }

  @Override
  public int rows() {
    int learning = Loops.SIDE_BY_SIDE * (fanIn + slice) + slice * fanIn;
    return Math.max(learning, outputs * shifts.length + 1);
  }
}
