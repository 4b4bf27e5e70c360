package org.igcnet.cpu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter;
import org.igcnet.arch.Parameter.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceNetworkTest {
  private static final ImageShape IMAGE = new ImageShape(2, 5, 6);
  private static final double STEP = 1e-6;
  private static final int CHECKED_PER_TENSOR = 24;
  private static final int[] LABELS = {0, 2, 1, 1, 0};

  private final Random random = new Random(3);

  @ParameterizedTest
  @CsvSource({
    "RegConv-W2, stages, 5",
    "SumFusion-L2M2, stages, 5",
    "IGC-L2M2, stages, 5",
    "IGC-L3M1, stages, 5",
    "IGC-L1M3, stages, 5",
    "RegConv-W2+Ident, stages, 8",
    "SumFusion-L2M2+Ident, stages, 8",
    "IGC-L2M1+Ident, stages, 8",
    "RegConv-W3, flat, 4",
    "IGC-L2M3, flat, 4",
    "IGC-L2M2+Ident, flat, 4",
    "IGC-L2M2-swapped, stages, 5",
    "IGC-L2M2-spatial, flat, 3",
    "IGC-L2M2-split, stages, 5",
    "IGC-L9M2-se, stages, 5",
    "IGC-L2M2-dense, flat, 3",
    "IGC-L2M2-narrow2-relu, stages, 5",
    "IGC-L2x3M2-oneway, flat, 3",
    "IGC-L2x2x2M1+Ident, flat, 4",
    "IGC-L2M3-unpermuted, stages, 5",
    "IGC-L1M2-doubleL, stages, 5",
    "ResNet-C1, imagenet, 10",
    "IGC-L1M2+Ident, imagenet, 10",
  })
  void gradientsAreFiniteDifferences(String name, String body, int depth) {
    Body of = Body.parse(body);
    ImageShape shape = of == Body.IMAGENET ? new ImageShape(1, 33, 32) : IMAGE;
    Architecture architecture = new Architecture(NetworkName.parse(name), of, depth, 3, shape);
    for (boolean training : new boolean[] {true, false}) {
      double error = largestGradientError(architecture, training);
      System.out.printf(
          "%s, %s, %s: gradients' maximal error %.1e%n",
          architecture, body, training ? "training" : "inference", error);
      assertThat(error).isLessThan(1e-6);
    }
  }

  private double largestGradientError(Architecture architecture, boolean training) {
    ReferenceNetwork network = ReferenceNetwork.of(architecture, 0.9f);
    randomise(architecture, network.values());
    double[][] images = images(LABELS.length, architecture.input());
    double[] values = network.values();
    double[] start = values.clone();
    network.backward(SoftmaxCrossEntropy.gradient(network.forward(images, 3, training), LABELS));
    double[] gradients = network.gradients().clone();
    double largest = 0;
    int offset = 0;
    for (Parameter parameter : architecture.parameters()) {
      int stride = Math.ceilDiv(parameter.size(), checkedPerTensor(architecture));
      for (int i = offset; i < offset + parameter.size(); i += stride) {
        double expected = 0;
        if (parameter.role().learned()) {
          System.arraycopy(start, 0, values, 0, values.length);
          values[i] = start[i] + STEP;
          double above = SoftmaxCrossEntropy.loss(network.forward(images, 3, training), LABELS);
          values[i] = start[i] - STEP;
          double below = SoftmaxCrossEntropy.loss(network.forward(images, 3, training), LABELS);
          expected = (above - below) / (2 * STEP);
        }
        largest = Math.max(largest, Math.abs(gradients[i] - expected));
      }
      offset += parameter.size();
    }
    return largest;
  }

  /** Large images take long. */
  private static int checkedPerTensor(Architecture architecture) {
    return architecture.body() == Body.IMAGENET ? 3 : CHECKED_PER_TENSOR;
  }

  private double[][] images(int count, ImageShape shape) {
    double[][] images = new double[count][];
    for (int n = 0; n < count; n++) {
      images[n] = random.doubles(shape.size(), -1, 1).toArray();
    }
    return images;
  }

  private void randomise(Architecture architecture, double[] values) {
    int next = 0;
    for (Parameter parameter : architecture.parameters()) {
      boolean positive =
          parameter.role() == Role.GAMMA || parameter.role() == Role.RUNNING_VARIANCE;
      for (int i = 0; i < parameter.size(); i++) {
        values[next++] = positive ? 0.5 + random.nextDouble() : random.nextGaussian() * 0.5;
      }
    }
  }

  @Test
  void softmaxOfEqualLogitsIsEven() {
    assertThat(SoftmaxCrossEntropy.softmax(new double[] {7, 7, 7, 7}))
        .containsExactly(0.25, 0.25, 0.25, 0.25);
    assertThat(SoftmaxCrossEntropy.loss(new double[][] {{7, 7, 7, 7}}, new int[] {2}))
        .isCloseTo(Math.log(4), within(1e-15));
  }

  /** Two groups, of the values 1, 3 and of 2, 6; worked out by hand. */
  @Test
  void batchNormalisationByHand() {
    ConvUnit unit =
        new ConvUnit("u", new GroupConvolution(1, 1, 1, Kernel.POINT, 1), new ImageShape(1, 1, 1));
    ReferenceWeights weights = new ReferenceWeights(unit.parameters());
    weights.slice(unit.normName(Role.GAMMA)).set(0, 2);
    weights.slice(unit.normName(Role.BETA)).set(0, 5);
    weights.slice(unit.normName(Role.RUNNING_MEAN)).set(0, 10);
    weights.slice(unit.normName(Role.RUNNING_VARIANCE)).set(0, 20);
    BatchNormalisation norm =
        new BatchNormalisation(new BatchNorm("u", "u.conv", unit.output()), weights, 0.75f);
    double[][][][] x = {{{{1}}}, {{{3}}}, {{{2}}}, {{{6}}}};

    double[][][][] y = norm.forward(x, new Pass(2, true));

    double first = 2 / Math.sqrt(1.0 + ConvUnit.EPSILON);
    double second = 4 / Math.sqrt(4.0 + ConvUnit.EPSILON);
    assertThat(y)
        .isDeepEqualTo(
            new double[][][][] {
              {{{5 - first}}}, {{{5 + first}}}, {{{5 - second}}}, {{{5 + second}}}
            });
    // Means 2 and 4; unbiased variances 2 and 8.
    assertThat(weights.slice(unit.normName(Role.RUNNING_MEAN)).get(0))
        .isEqualTo(0.75 * 10 + 0.25 * 3);
    assertThat(weights.slice(unit.normName(Role.RUNNING_VARIANCE)).get(0))
        .isEqualTo(0.75 * 20 + 0.25 * 5);
  }
}
