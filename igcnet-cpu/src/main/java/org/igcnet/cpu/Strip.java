package org.igcnet.cpu;

import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.cpu.kernel.Lanes;

/**
 * How a pass cuts feature maps into strips of rows that stay in cache, and what a thread keeps of a
 * strip:
 *
 * <ul>
 *   <li>{@code in}: the activation under one primary partition, padded with zeros all round;
 *   <li>{@code y}: the primary convolution's output, all channels;
 *   <li>{@code dz}: the gradient of the block's raw output, all channels;
 *   <li>{@code dy}: the gradient of the primary's output, all channels, padded, with the rows
 *       before the strip that its input rows need too;
 *   <li>{@code dx}: the gradient of the activation under one primary partition.
 * </ul>
 *
 * A strip is output rows [a, b). Backward it completes the gradient of input rows [{@link #inputRow
 * inputRow}(a), inputRow(b)).
 */
final class Strip {
  /**
   * Floats between two channels beyond what they hold, so that channels do not share cache sets.
   */
  private static final int GAP = Lanes.COUNT;

  final int stride;
  final int padRows;
  final int padColumns;
  final int inputHeight;
  final int inputWidth;
  final int outputHeight;
  final int outputWidth;

  /** Output rows of a strip. */
  final int rows;

  final int inRows;
  final int inRowStep;
  final int inChannelStep;
  final int yRowStep;
  final int yChannelStep;

  /** Rows of dy before a strip. */
  final int dyCarry;

  private final int dyBelow;

  /** Columns of zeros left of dy. */
  final int dyLeft;

  final int dyRowStep;
  final int dyChannelStep;
  final int dxRowStep;
  final int dxChannelStep;

  private Strip(Link link, int rows) {
    GroupConvolution primary = link.primary();
    ImageShape input = link.input();
    ImageShape output = link.output();
    Kernel kernel = primary.kernel();
    int v = Lanes.COUNT;
    this.rows = rows;
    stride = primary.stride();
    padRows = kernel.padRows();
    padColumns = kernel.padColumns();
    inputHeight = input.height();
    inputWidth = input.width();
    outputHeight = output.height();
    outputWidth = output.width();

    inRows = (rows - 1) * stride + Math.max(kernel.height(), stride);
    int inColumns = Math.max((outputWidth - 1) * stride + kernel.width(), inputWidth + padColumns);
    inRowStep = inColumns * v;
    inChannelStep = inRows * inRowStep + GAP;

    dyCarry = (kernel.height() - 1) / stride;
    dyBelow = (inputHeight - 1 + padRows) / stride - (outputHeight - 1);
    dyLeft = (kernel.width() - 1 - padColumns) / stride;
    int dyRight = (inputWidth - 1 + padColumns) / stride - (outputWidth - 1);
    dyRowStep = (dyLeft + outputWidth + dyRight) * v;
    dyChannelStep = (dyCarry + rows + dyBelow) * dyRowStep + GAP;

    yRowStep = outputWidth * v;
    yChannelStep = Math.max(rows, dyCarry) * yRowStep + GAP;
    dxRowStep = inputWidth * v;
    dxChannelStep = (rows * stride + padRows) * dxRowStep + GAP;
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
    while (rows > 1 && new Strip(link, rows).floats(link) * Float.BYTES > tuning.stripBytes()) {
      rows = Math.ceilDiv(rows, 2);
    }
    return new Strip(link, rows);
  }

  /** Strips of a task at most, where a block is divided into so many. */
  int strips(int parts) {
    return Math.ceilDiv(Math.ceilDiv(outputHeight, parts), rows);
  }

  /** Floats of a strip. */
  long floats(Link link) {
    GroupConvolution primary = link.primary();
    long ys = link.secondary().isPresent() ? 2L * primary.outputChannels() * yChannelStep : 0;
    return (long) primary.groupInputs() * (inChannelStep + dxChannelStep)
        + ys
        + (long) primary.outputChannels() * dyChannelStep;
  }

  /** The first input row whose gradient is not complete before output row {@code row} is done. */
  int inputRow(int row) {
    return row == 0
        ? 0
        : row == outputHeight ? inputHeight : Math.min(inputHeight, row * stride - padRows);
  }

  /** The input row at the top of {@code in} for a strip that begins with output row {@code row}. */
  int topRow(int row) {
    return row * stride - padRows;
  }

  /** Rows of dy after a strip of {@code count} rows, which are zeros at an image's end. */
  int dyRowsBelow(int count) {
    return rows - count + dyBelow;
  }
}
