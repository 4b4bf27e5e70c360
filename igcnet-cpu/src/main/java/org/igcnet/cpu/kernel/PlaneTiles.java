package org.igcnet.cpu.kernel;

/**
 * The tiles of a {@link PlaneConvolution} that has one kind of {@link Ending}. A call computes some
 * neighbouring vectors ({@code columns}) of neighbouring channels of each partition: {@code tiles}
 * times {@code channels} from {@code channel} on.
 */
abstract sealed class PlaneTiles permits SumTiles, ActivatedTiles, AddedTiles {
  /** Takes taps in pairs. */
  abstract void pairs(
      int channels,
      int width,
      float[] from,
      int fromBase,
      int channel,
      int tiles,
      float[] to,
      int toBase,
      int columns);

  /** Takes them in pairs, even and odd ones apart. */
  abstract void halves(
      int channels,
      int width,
      float[] from,
      int fromBase,
      int channel,
      int tiles,
      float[] to,
      int toBase,
      int columns);

  /** The same for a single column. */
  abstract void column(
      int channels,
      int width,
      float[] from,
      int fromBase,
      int channel,
      int tiles,
      float[] to,
      int toBase,
      int columns);
}
