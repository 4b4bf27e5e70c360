package org.igcnet.arch;

import java.util.List;

/**
 * Summation fusion (equation 21): L branches that all read the same input, summed.
 *
 * <p>The branches' weights are one tensor, {@code [branches · outputs][inputs][rows][columns]},
 * branch after branch, as a convolution of the input into {@code branches · outputs} channels has
 * it.
 *
 * @param branches L
 * @param branch the convolution of one branch, ungrouped
 */
public record SummedConvolution(int branches, GroupConvolution branch) implements LinearMap {
  /**
   * Looks whether there are such branches.
   *
   * @throws IllegalArgumentException where there is none, or a branch is grouped
   */
  public SummedConvolution {
    if (branches < 1) {
      throw new IllegalArgumentException("a summation has at least 1 branch, not " + branches);
    }
    if (branch.groups() != 1) {
      throw new IllegalArgumentException("a branch is an ungrouped convolution, not " + branch);
    }
  }

  /** {@return all branches side by side, before the sum} */
  public GroupConvolution concatenated() {
    return new GroupConvolution(
        branch.inputChannels(),
        branches * branch.outputChannels(),
        1,
        branch.kernel(),
        branch.stride());
  }

  @Override
  public int inputChannels() {
    return branch.inputChannels();
  }

  @Override
  public int outputChannels() {
    return branch.outputChannels();
  }

  @Override
  public int stride() {
    return branch.stride();
  }

  @Override
  public List<Step> steps() {
    return List.of(new Factor("branches", concatenated()), new BranchSum(branches));
  }
}
