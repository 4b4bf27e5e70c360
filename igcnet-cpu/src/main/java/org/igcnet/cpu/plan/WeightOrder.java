package org.igcnet.cpu.plan;

import java.util.Arrays;

/**
 * How one of a group convolution's computations, forward or backward, finds weights.
 *
 * @param groups number of partitions
 * @param groupWeights weights of one partition
 * @param outputs output channels of one partition
 * @param outputStep weights between the same tap's for neighbouring output channels
 */
public record WeightOrder(int groups, int groupWeights, int outputs, int outputStep) {
  /** 0, step, 2·step, …. */
  public static int[] inOrder(int count, int step) {
    int[] places = new int[count];
    Arrays.setAll(places, i -> i * step);
    return places;
  }
}
