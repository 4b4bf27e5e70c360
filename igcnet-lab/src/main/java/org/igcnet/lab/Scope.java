package org.igcnet.lab;

import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.backend.Precision;

/**
 * What of an experiment is asked for.
 *
 * @param epochs of each run; the paper's where it is not said
 * @param seeds number of runs of each network, with the seeds 1, 2, …
 * @param depths those wanted; none for all
 * @param networks those wanted; none for all
 * @param normImages images that share batch normalisation's statistics; those of a step where it is
 *     not said
 * @param precision how feature maps and their gradients are kept
 */
public record Scope(
    Optional<Integer> epochs,
    int seeds,
    List<Integer> depths,
    List<String> networks,
    Optional<Integer> normImages,
    Precision precision) {
  private static final int MOST_SEEDS = 1000;

  /** Everything, once, as the paper does it. */
  public static final Scope ALL =
      new Scope(Optional.empty(), 1, List.of(), List.of(), Optional.empty(), PaperRecipe.PRECISION);

  public Scope {
    depths = List.copyOf(depths);
    networks = List.copyOf(networks);
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw new UserError(
          "the number of seeds is %d; it must be from 1 to %d".formatted(seeds, MOST_SEEDS));
    }
  }

  /**
   * Refuses what the experiment does not have.
   *
   * @throws UserError where a depth or a network is none of its own
   */
  void requireIn(Experiment experiment) {
    for (int depth : depths) {
      if (!experiment.depths().contains(depth)) {
        throw new UserError(
            "%s has no depth %d; its depths are %s"
                .formatted(experiment.name(), depth, experiment.depths()));
      }
    }
    for (String network : networks) {
      if (experiment.networkNames().stream().noneMatch(network::equalsIgnoreCase)) {
        throw new UserError(
            "%s has no network \"%s\"; its networks are %s"
                .formatted(
                    experiment.name(), network, String.join(", ", experiment.networkNames())));
      }
    }
  }

  boolean covers(Cell cell) {
    return (depths.isEmpty() || depths.contains(cell.depth()))
        && (networks.isEmpty() || networks.stream().anyMatch(cell.network()::equalsIgnoreCase));
  }
}
