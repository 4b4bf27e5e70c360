package org.igcnet.cpu;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.igcnet.arch.Family;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Variation;
import org.igcnet.arch.Variation.Doubling;
import org.igcnet.arch.Variation.Kernels;
import org.igcnet.arch.Variation.Permutation;

/** Small networks of all families and variations. */
public final class RandomNames {
  private RandomNames() {}

  public static Arbitrary<NetworkName> names() {
    Arbitrary<Family> igc = partitions().flatMap(RandomNames::igc);
    Arbitrary<Family> sum =
        Combinators.combine(partitions(), partitions()).as(Family.SumFusion::new);
    Arbitrary<Family> regular = partitions().map(Family.RegConv::new);
    return Combinators.combine(
            Arbitraries.frequencyOf(Tuple.of(6, igc), Tuple.of(1, sum), Tuple.of(1, regular)),
            Arbitraries.of(true, false))
        .as(NetworkName::new)
        .filter(name -> name.family().width() <= 49);
  }

  private static Arbitrary<Family> igc(int m) {
    Arbitrary<Variation> varied =
        Combinators.combine(
                Arbitraries.of(Kernels.values()),
                Arbitraries.of(true, false, false),
                Arbitraries.integers().between(1, m).filter(by -> m % by == 0),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false, false),
                Arbitraries.of(Permutation.values()),
                Arbitraries.of(Doubling.values()))
            .as(
                (kernels, dense, narrowing, activated, excited, permutation, doubling) ->
                    new Variation(
                        kernels,
                        dense,
                        narrowing,
                        activated,
                        excited,
                        dense ? Permutation.BACK : permutation,
                        m % 2 == 1 && doubling == Doubling.L ? Doubling.M : doubling));
    Arbitrary<Variation> variations =
        Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(Variation.NONE)), Tuple.of(3, varied));
    return variations.flatMap(
        variation ->
            Arbitraries.integers()
                .between(1, variation.dense() ? 7 : 4)
                .list()
                .ofMinSize(1)
                .ofMaxSize(variation.dense() ? 1 : 3)
                .map(factors -> new Family.Igc(factors, m, variation)));
  }

  private static Arbitrary<Integer> partitions() {
    return Arbitraries.integers().between(1, 7);
  }
}
