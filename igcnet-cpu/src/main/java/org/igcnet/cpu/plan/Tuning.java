package org.igcnet.cpu.plan;

import org.igcnet.arch.ImageShape;
import org.igcnet.cpu.kernel.Lanes;

/**
 * How work is cut. The cut changes speed, and in what order sums are added, so it must not depend
 * on the number of threads, nor on what the machine says of its caches: then two machines with the
 * same vectors would learn other last bits.
 *
 * @param stripBytes what a thread's strip of rows may take: 1.5 MB, with 16 lanes 3 MB
 * @param sumBytes what a thread's vectors of sums for the weights' gradients may take; where a
 *     layer's take more, they are summed up strip by strip, a slice of the layer at a time
 * @param keptFanIn least fan-in of a primary convolution whose output backward reads again, instead
 *     of computing it again
 * @param parts most ranges of rows that a block of images is divided into
 * @param partPixels least positions of such a range: each sums up its own vectors of gradients
 */
public record Tuning(int stripBytes, int sumBytes, int keptFanIn, int parts, int partPixels) {
  /**
   * With 16 lanes a row is twice as long as with 8, and strips may be, too: they have all rows of a
   * task in the paper's networks, while shorter ones read the rows at their borders more often.
   */
  private static final int STRIP_BYTES = Math.max(Lanes.COUNT, 8) * (3 << 16);

  static final Tuning DEFAULT = new Tuning(STRIP_BYTES, 2 << 20, 64, 4, 32);

  /** The same, but every primary convolution's output is computed again. */
  Tuning keepingNothing() {
    return new Tuning(stripBytes, sumBytes, Integer.MAX_VALUE, parts, partPixels);
  }

  /** Ranges of rows that each block of images is divided into where a pass writes {@code shape}. */
  public int parts(ImageShape shape) {
    return Math.clamp(shape.pixels() / partPixels, 1, Math.min(parts, shape.height()));
  }
}
