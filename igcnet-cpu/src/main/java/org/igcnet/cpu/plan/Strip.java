package org.igcnet.cpu.plan;

import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.cpu.kernel.Lanes;

/**
 * How a pass cuts feature maps into strips of rows that stay in cache, and where what a thread
 * keeps of a strip stands in its memory. A strip is output rows [a, b). Backward it completes the
 * gradient of input rows [{@link #inputRow inputRow}(a), inputRow(b)).
 */
public final class Strip {
  /**
   * Floats between two channels beyond what they hold, so that channels do not share cache sets.
   */
  private static final int GAP = Lanes.COUNT;

  private final int stride;
  private final int kernelRows;
  private final int padRows;
  private final int inputHeight;
  private final int outputHeight;
  private final int rows;
  private final int before;
  private final int after;
  private final int left;
  private final Area in;
  private final Area y;
  private final Area dz;
  private final Area z;
  private final Area dy;
  private final Area dx;
  private final long floats;

  private Strip(Link link, int rows) {
    GroupConvolution primary = link.primary();
    ImageShape input = link.input();
    ImageShape output = link.output();
    Kernel kernel = primary.kernel();
    this.rows = rows;
    stride = primary.stride();
    kernelRows = kernel.height();
    padRows = kernel.padRows();
    inputHeight = input.height();
    outputHeight = output.height();
    before = (kernel.height() - 1) / stride;
    after = (inputHeight - 1 + padRows) / stride - (outputHeight - 1);
    left = (kernel.width() - 1 - kernel.padColumns()) / stride;

    int inputs = primary.groupInputs();
    int outputs = primary.outputChannels();
    int inColumns =
        Math.max(
            (output.width() - 1) * stride + kernel.width(), input.width() + kernel.padColumns());
    int right = (input.width() - 1 + kernel.padColumns()) / stride - (output.width() - 1);
    in = area(Lanes.LEAD, inputRows(rows), inColumns);
    y = area(in.index(inputs), Math.max(rows, before), output.width());
    int between = link.secondary().isPresent() ? outputs : 0;
    dz = new Area(y.index(between), y.channelStep(), y.rowStep());
    dy = area(dz.index(between), before + rows + after, left + output.width() + right);
    z = between > 0 ? dz : dy;
    dx = area(dy.index(outputs), rows * stride + padRows, input.width());
    floats =
        (long) inputs * (in.channelStep() + dx.channelStep())
            + 2L * between * y.channelStep()
            + (long) outputs * dy.channelStep();
  }

  private static Area area(int at, int rows, int columns) {
    int rowStep = columns * Lanes.COUNT;
    return new Area(at, rows * rowStep + GAP, rowStep);
  }

  /**
   * The tallest strips whose memory stays within the budget, at least one row. Where each strip
   * sums up its own gradients of weights, strips have a task's rows: their kernels work on one
   * partition at a time, so that only few of a strip's channels have to be in cache.
   */
  static Strip of(Link link, Tuning tuning) {
    int rows = Math.ceilDiv(link.output().height(), tuning.parts(link.output()));
    if (WeightSums.of(link, tuning).sliced()) {
      return new Strip(link, rows);
    }
    while (rows > 1 && new Strip(link, rows).floats() * Float.BYTES > tuning.stripBytes()) {
      rows = Math.ceilDiv(rows, 2);
    }
    return new Strip(link, rows);
  }

  /** Floats of all areas. */
  long floats() {
    return floats;
  }

  /** Output rows of a strip. */
  public int rows() {
    return rows;
  }

  /** Output rows of the last strip of {@code count} rows. */
  public int lastRows(int count) {
    return (count - 1) % rows + 1;
  }

  /** The activation under one primary partition, padded with zeros all round. */
  public Area in() {
    return in;
  }

  /** The primary convolution's output, all channels. */
  public Area y() {
    return y;
  }

  /** The gradient of the block's raw output, all channels. */
  public Area dz() {
    return dz;
  }

  /** The raw output, all channels: forward it stands where backward has a gradient. */
  public Area z() {
    return z;
  }

  /**
   * The gradient of the primary's output, all channels: {@link #before} rows, those of the strip,
   * some after it; {@link #left} columns of zeros and more on the right.
   */
  public Area dy() {
    return dy;
  }

  /** The gradient of the activation under one primary partition. */
  public Area dx() {
    return dx;
  }

  /** Rows of dy before a strip that its input rows need too. */
  public int before() {
    return before;
  }

  /** Rows of dy after a strip of {@code count} rows, which are zeros at an image's end. */
  public int after(int count) {
    return rows - count + after;
  }

  /** Columns of zeros left of dy. */
  public int left() {
    return left;
  }

  /** Strips of a task at most, where a block is divided into so many. */
  int strips(int parts) {
    return Math.ceilDiv(Math.ceilDiv(outputHeight, parts), rows);
  }

  /** Input rows under so many output rows. */
  public int inputRows(int count) {
    return (count - 1) * stride + Math.max(kernelRows, stride);
  }

  /** The first input row whose gradient is not complete before output row {@code row} is done. */
  public int inputRow(int row) {
    return row == 0
        ? 0
        : row == outputHeight ? inputHeight : Math.min(inputHeight, row * stride - padRows);
  }

  /** The input row at the top of {@code in} for a strip that begins with output row {@code row}. */
  public int topRow(int row) {
    return row * stride - padRows;
  }
}
