package org.igcnet.cpu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Parameter;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.arch.SummedConvolution;
import org.igcnet.theory.IgcWeights;
import org.junit.jupiter.api.Test;

/** Equations 5, 6 and 17 to 21 and the extreme cases, as numbers; each prints its maximal error. */
class EquivalenceTest {
  private static final double EXACT = 1e-12;

  private static final Pass PASS = new Pass(1, true);

  private final Random random = new Random(1);

  @Property(tries = 40)
  void blockByExplicitMatricesIsTwoGroupConvolutions(
      @ForAll @IntRange(min = 1, max = 5) int l,
      @ForAll @IntRange(min = 1, max = 4) int inputs,
      @ForAll @IntRange(min = 1, max = 4) int m,
      @ForAll @IntRange(min = 0, max = 2) int halfHeight,
      @ForAll @IntRange(min = 0, max = 1) int halfWidth,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll @IntRange(min = 1, max = 6) int height,
      @ForAll @IntRange(min = 1, max = 5) int width) {
    Kernel kernel = new Kernel(2 * halfHeight + 1, 2 * halfWidth + 1);
    IgcWeights weights = randomWeights(new IgcConvolution(l, inputs, m, kernel, stride));
    double[][][][] x =
        Maps.random(2, new ImageShape(weights.shape().inputChannels(), height, width), random);
    assertThat(Maps.difference(new ExplicitIgc(weights).forward(x), direct(weights, x)))
        .isLessThan(EXACT);
  }

  @Test
  void equation5() {
    IgcWeights weights = randomWeights(new IgcConvolution(4, 2, 3, Kernel.SPATIAL, 2));
    double[][][][] x = maps(8);
    assertEqual(
        "equation 5, explicit matrices", new ExplicitIgc(weights).forward(x), direct(weights, x));
  }

  @Test
  void equation6() {
    IgcWeights weights = randomWeights(new IgcConvolution(3, 2, 4, Kernel.SPATIAL, 1));
    double[][][][] x = maps(6);
    assertThat(new ExplicitIgc(weights).composite().values())
        .containsExactly(weights.compositeKernel(), within(EXACT));
    assertEqual("equation 6, composite kernel", composite(weights, x), direct(weights, x));
  }

  @Test
  void equations17To20() {
    for (int k = 1; k <= 3; k++) {
      GroupConvolution regular = new GroupConvolution(6, 12, 1, Kernel.SPATIAL, 1);
      double[] kernel = random(regular.weights());
      double[][][][] x = maps(6);
      double[][][][] regularOutput = convolve(regular, kernel, x);
      double[][][][] igcOutput = direct(IgcWeights.ofRegular(regular, kernel, k), copies(x, k));
      assertEqual(
          "equations 17 to 20, L = %d".formatted(k * k), igcOutput, copies(regularOutput, k));
    }
  }

  @Test
  void equation20IsTheMatrixOfThePaper() {
    GroupConvolution regular = new GroupConvolution(2, 2, 1, Kernel.POINT, 1);
    IgcWeights igc = IgcWeights.ofRegular(regular, new double[] {11, 12, 21, 22}, 2);
    assertThat(igc.primary()).containsExactly(11, 12, 21, 22);
    assertThat(igc.secondary()).containsExactly(1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1);
  }

  @Test
  void equation21() {
    SummedConvolution summed =
        new SummedConvolution(4, new GroupConvolution(3, 5, 1, Kernel.SPATIAL, 2));
    double[] kernel = random(summed.concatenated().weights());
    double[][][][] x = maps(3);
    double[][][][] sum = new BranchSum(4).forward(convolve(summed.concatenated(), kernel, x), PASS);
    double[][][][] igcOutput = direct(IgcWeights.ofSummation(summed, kernel), copies(x, 4));
    assertEqual("equation 21, summation fusion", igcOutput, copies(sum, 4));
  }

  @Test
  void onePrimaryPartitionIsARegularConvolutionWithScaledChannels() {
    IgcWeights weights = randomWeights(new IgcConvolution(1, 5, 6, Kernel.SPATIAL, 1));
    GroupConvolution regular = new GroupConvolution(5, 6, 1, Kernel.SPATIAL, 1);
    double[] scaled = weights.primary();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= weights.secondary()[i / regular.fanIn()];
    }
    double[][][][] x = maps(5);
    assertEqual(
        "L = 1, scaled regular convolution", direct(weights, x), convolve(regular, scaled, x));
  }

  @Test
  void oneSecondaryPartitionIsXception() {
    IgcWeights weights = randomWeights(new IgcConvolution(7, 1, 1, Kernel.SPATIAL, 1));
    double[][][][] x = maps(7);
    double[][][][] channelWise =
        convolve(new GroupConvolution(7, 7, 7, Kernel.SPATIAL, 1), weights.primary(), x);
    double[][][][] pointWise =
        convolve(new GroupConvolution(7, 7, 1, Kernel.POINT, 1), weights.secondary(), channelWise);
    assertEqual("M = 1, Xception", direct(weights, x), pointWise);
  }

  private static void assertEqual(String what, double[][][][] actual, double[][][][] expected) {
    double error = Maps.difference(actual, expected);
    System.out.printf("%s: maximal error %.1e%n", what, error);
    assertThat(error).isLessThan(EXACT);
  }

  private double[][][][] maps(int channels) {
    return Maps.random(2, new ImageShape(channels, 7, 6), random);
  }

  private IgcWeights randomWeights(IgcConvolution shape) {
    return new IgcWeights(
        shape, random(shape.primary().weights()), random(shape.secondary().weights()));
  }

  private double[] random(int size) {
    return random.doubles(size, -1, 1).toArray();
  }

  /** The input k times, one after the other. */
  private static double[][][][] copies(double[][][][] x, int k) {
    double[][][][] copies = new double[x.length][k * x[0].length][][];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < copies[n].length; c++) {
        copies[n][c] = x[n][c % x[n].length];
      }
    }
    return copies;
  }

  private static double[][][][] composite(IgcWeights weights, double[][][][] x) {
    return convolve(weights.composite(), weights.compositeKernel(), x);
  }

  /** The block by group convolutions and permutations. */
  private static double[][][][] direct(IgcWeights weights, double[][][][] x) {
    IgcConvolution shape = weights.shape();
    ChannelPermutation permutation =
        new ChannelPermutation(shape.primaryPartitions(), shape.secondaryPartitions());
    double[][][][] y = convolve(shape.primary(), weights.primary(), x);
    double[][][][] z =
        convolve(shape.secondary(), weights.secondary(), permutation.forward(y, PASS));
    return permutation.inverse().forward(z, PASS);
  }

  private static double[][][][] convolve(
      GroupConvolution convolution, double[] kernel, double[][][][] x) {
    Parameter weight =
        new Parameter("w", Role.CONVOLUTION, convolution.weightShape(), convolution.fanIn());
    ReferenceWeights weights = new ReferenceWeights(List.of(weight));
    System.arraycopy(kernel, 0, weights.values(), 0, kernel.length);
    return new DirectConvolution(convolution, weights.slice("w")).forward(x, PASS);
  }
}
