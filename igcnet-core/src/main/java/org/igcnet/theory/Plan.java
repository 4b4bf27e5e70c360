package org.igcnet.theory;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.UserError;

/**
 * The partition numbers that spend a budget of parameters on one block of 3×3 kernels, as in Table
 * 1.
 *
 * @param budget parameters of one block
 * @param choices for each M the nearest L, where it comes near the budget; by rising L, then
 *     falling M
 */
public record Plan(long budget, List<BlockWidth> choices) {
  /** How far a choice's parameters may lie from the budget; Table 1's go up to 2.4%. */
  public static final double TOLERANCE = 0.03;

  private static final int S = BlockWidth.SPATIAL;
  private static final long LEAST = new BlockWidth(1, 1, S).parameters();
  private static final long MOST = 100_000_000;

  /** Copies the list. */
  public Plan {
    choices = List.copyOf(choices);
  }

  /**
   * Lists the choices within {@link #TOLERANCE} of a budget, or the nearest one where there is
   * none.
   *
   * @param budget parameters of one block
   * @return the choices, at least one
   * @throws UserError where the budget is smaller than any block or larger than 10⁸
   */
  public static Plan of(long budget) {
    if (budget < LEAST || budget > MOST) {
      throw new UserError(
          "a block cannot be planned for %d parameters; the nearest possible is %d"
              .formatted(budget, Math.clamp(budget, LEAST, MOST)));
    }
    int widestPartition = (int) Math.ceil(BlockWidth.regularWidth(budget, S));
    List<BlockWidth> all =
        IntStream.rangeClosed(1, widestPartition)
            .mapToObj(m -> nearest(budget, m))
            .sorted(
                Comparator.comparingInt(BlockWidth::primaryPartitions)
                    .thenComparingInt(choice -> -choice.secondaryPartitions()))
            .toList();
    List<BlockWidth> near =
        all.stream().filter(choice -> Math.abs(deviation(budget, choice)) <= TOLERANCE).toList();
    return new Plan(budget, near.isEmpty() ? List.of(nearest(budget, all)) : near);
  }

  /** The block of M secondary partitions that comes nearest to a budget. */
  private static BlockWidth nearest(long budget, int m) {
    // L² + S·M·L = T/M, solved for L.
    double half = S * m / 2.0;
    double l = Math.sqrt(half * half + (double) budget / m) - half;
    int below = Math.max(1, (int) l);
    return nearest(budget, List.of(new BlockWidth(below, m, S), new BlockWidth(below + 1, m, S)));
  }

  private static BlockWidth nearest(long budget, List<BlockWidth> among) {
    return among.stream()
        .min(Comparator.comparingDouble(choice -> Math.abs(deviation(budget, choice))))
        .orElseThrow();
  }

  private static double deviation(long budget, BlockWidth choice) {
    return (double) (choice.parameters() - budget) / budget;
  }

  /**
   * {@return how far a choice's parameters lie above the budget, as a fraction of it}
   *
   * @param choice a block of 3×3 kernels
   */
  public double deviation(BlockWidth choice) {
    return deviation(budget, choice);
  }

  /** {@return the widest of the choices; of equally wide ones that nearest to the budget} */
  public BlockWidth widest() {
    return choices.stream()
        .max(
            Comparator.comparingLong(BlockWidth::width)
                .thenComparingDouble(choice -> -Math.abs(deviation(choice))))
        .orElseThrow();
  }

  /** {@return the bound on the width of a block of just the budget (15)} */
  public double widthBound() {
    return BlockWidth.widthBound(budget, S);
  }

  /** {@return the width of a regular convolution of just the budget (8), not rounded} */
  public double regularWidth() {
    return BlockWidth.regularWidth(budget, S);
  }
}
