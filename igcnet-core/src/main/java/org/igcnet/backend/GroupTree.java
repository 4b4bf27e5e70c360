package org.igcnet.backend;

/**
 * The order in which sums of groups of images are added: a binary tree whose left halves are whole
 * powers of two.
 *
 * <pre>
 *   seven groups: ((0 + 1) + (2 + 3)) + ((4 + 5) + 6)
 * </pre>
 *
 * <p>Any 2ᵏ groups that begin at a multiple of 2ᵏ are a node of it. So whoever has such groups can
 * add them by himself, and the sum over all has the same bits for any number of workers.
 */
public final class GroupTree {
  private GroupTree() {}

  /** Adds one sum to another. */
  @FunctionalInterface
  public interface Adder {
    /**
     * Adds.
     *
     * @param from the place of what is added, which is not read any more then
     * @param to the place of what it is added to
     */
    void add(int from, int to);
  }

  /** Adds the sums at places 0 to {@code count} − 1; that at place 0 is the whole then. */
  public static void add(int count, Adder adder) {
    for (int apart = 1; apart < count; apart *= 2) {
      for (int place = 0; place + apart < count; place += 2 * apart) {
        adder.add(place + apart, place);
      }
    }
  }
}
