package org.igcnet.backend;

import java.util.function.IntUnaryOperator;

/**
 * The order in which sums of groups of images are added: a binary tree whose left halves are whole
 * powers of two.
 *
 * <pre>
 *   seven groups: ((0 + 1) + (2 + 3)) + ((4 + 5) + 6)
 * </pre>
 *
 * <p>Any 2ᵏ groups that begin at a multiple of 2ᵏ are a node of it. So whoever has such groups can
 * add them by himself, and the sum over all has the same bits for any number of workers. A group
 * without images has no sum, and the others keep their places in the tree.
 */
public final class GroupTree {
  private GroupTree() {}

  /** Adds one sum to another. */
  @FunctionalInterface
  public interface Adder {
    /**
     * Adds.
     *
     * @param from the number of the sum that is added, which is not read any more then
     * @param to the number of the sum that it is added to
     */
    void add(int from, int to);
  }

  /**
   * Adds sums 0 to {@code count} − 1 of as many groups; sum 0 is the whole then.
   *
   * @param count number of sums
   * @param adder adds one of them to another
   */
  public static void add(int count, Adder adder) {
    add(count, group -> group, adder);
  }

  /**
   * Adds sums of some of the groups; sum 0 is the whole then.
   *
   * @param count number of sums
   * @param place the group of a sum; groups rise with the sums
   * @param adder adds one of them to another
   */
  public static void add(int count, IntUnaryOperator place, Adder adder) {
    for (int size = 1; count > 0 && size <= place.applyAsInt(count - 1); size *= 2) {
      addHalves(count, place, size, adder);
    }
  }

  /** Adds, in each node of two halves of {@code size} groups, the right one's sum to the left's. */
  private static void addHalves(int count, IntUnaryOperator place, int size, Adder adder) {
    int left = 0;
    for (int sum = 1; sum < count; sum++) {
      int half = place.applyAsInt(sum) / size;
      boolean firstOfHalf = half != place.applyAsInt(sum - 1) / size;
      if (firstOfHalf && half / 2 == place.applyAsInt(left) / size / 2) {
        adder.add(sum, left);
      } else if (firstOfHalf) {
        left = sum;
      }
    }
  }
}
