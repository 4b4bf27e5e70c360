package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;

class ShapesTest {
  /** Results on {@code shapes} are only comparable while its bytes stay as they are. */
  @Test
  void theBytesAreTheSameForEver() {
    assertThat(checksum(Shapes.train(0, 200))).isEqualTo(190944818L);
    assertThat(checksum(Shapes.test(0, 200))).isEqualTo(580276830L);
    assertThat(checksum(Shapes.train(1, 200))).isEqualTo(18171327L);
  }

  private static long checksum(Dataset dataset) {
    CRC32 crc = new CRC32();
    byte[] values = new byte[dataset.shape().size()];
    for (int i = 0; i < dataset.size(); i++) {
      dataset.read(i, values);
      crc.update(values);
    }
    return crc.getValue();
  }

  @Test
  void theSetsAreAsDescribed() {
    Splits splits = Splits.open("shapes");
    assertThat(splits.train().size()).isEqualTo(15_000);
    assertThat(splits.test().size()).isEqualTo(2_000);
    assertThat(splits.train().shape()).isEqualTo(ImageShape.CIFAR);
    assertThat(splits.train().classes())
        .containsExactly(
            "disc",
            "ring",
            "square",
            "triangle",
            "star",
            "cross",
            "crescent",
            "heart",
            "bars",
            "arrow");
    int[] counts = new int[10];
    for (int i = 0; i < 2_000; i++) {
      counts[splits.test().label(i)]++;
    }
    assertThat(counts).containsOnly(200);
    assertThat(checksum(splits.train())).isEqualTo(checksum(Shapes.train(0, 15_000)));
  }

  @Test
  void noPictureComesTwice() {
    Set<Integer> hashes = new HashSet<>();
    byte[] values = new byte[3072];
    for (Dataset set : new Dataset[] {Shapes.train(0, 500), Shapes.test(0, 500)}) {
      for (int i = 0; i < set.size(); i++) {
        set.read(i, values);
        hashes.add(Arrays.hashCode(values));
      }
    }
    assertThat(hashes).hasSize(1_000);
  }

  @Test
  void aShorterSetIsTheBeginningOfALongerOne() {
    byte[] one = new byte[3072];
    byte[] other = new byte[3072];
    Shapes.train(4, 30).read(29, one);
    Shapes.train(4, 60).read(29, other);
    assertThat(one).isEqualTo(other);
    assertThatThrownBy(() -> Shapes.train(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Inside is negative, outside positive; every figure stays in the circle of radius 1. */
  @Test
  void figuresAreWhereTheyShouldBe() {
    for (Figure figure : Figure.values()) {
      double area = 0;
      for (int i = -150; i < 150; i++) {
        for (int j = -150; j < 150; j++) {
          double x = (i + 0.5) / 100;
          double y = (j + 0.5) / 100;
          if (figure.distance(x, y) < 0) {
            area += 1e-4;
            assertThat(x * x + y * y).as("%s at %s, %s", figure, x, y).isLessThan(1.01);
          }
        }
      }
      assertThat(area).as("area of %s", figure).isBetween(0.5, 2.6);
    }
    assertThat(Figure.STAR.distance(0, 0.99)).isNegative();
    assertThat(Figure.STAR.distance(0, 1.01)).isPositive();
    assertThat(Figure.STAR.distance(0, -0.46)).isPositive();
    assertThat(Figure.STAR.distance(0, -0.44)).isNegative();
    assertThat(Figure.RING.distance(0, 0)).isPositive();
    assertThat(Figure.BARS.distance(0, 0.28)).isPositive();
  }

  /** Softmax regression on normalised pixels: it learns some pictures by heart, and no figure. */
  @Test
  void aLinearModelFails() {
    Splits splits = Splits.open("shapes");
    Linear model = Linear.trained(splits.train(), 2);
    assertThat(model.accuracy(splits.train())).as("it does learn").isGreaterThan(15);
    assertThat(model.accuracy(splits.test())).isLessThan(25);
  }

  private static final class Linear {
    private final Normalization normalization;
    private final int inputs;
    private final float[][] weights;
    private final byte[] values;
    private final float[] input;

    private Linear(Dataset dataset) {
      normalization = Normalization.of(dataset);
      inputs = dataset.shape().size();
      weights = new float[dataset.classes().size()][inputs];
      values = new byte[inputs];
      input = new float[inputs];
    }

    static Linear trained(Dataset dataset, int epochs) {
      Linear model = new Linear(dataset);
      for (int epoch = 0; epoch < epochs; epoch++) {
        float rate = 2e-4f / (1 << epoch);
        int[] order = new int[dataset.size()];
        Arrays.setAll(order, i -> i);
        SplitMix.of(epoch).shuffle(order);
        for (int image : order) {
          model.learn(dataset, image, rate);
        }
      }
      return model;
    }

    private double[] probabilities(Dataset dataset, int image) {
      dataset.read(image, values);
      normalization.apply(values, dataset.shape(), input);
      double[] scores = new double[weights.length];
      double sum = 0;
      for (int c = 0; c < scores.length; c++) {
        float score = 0;
        for (int i = 0; i < inputs; i++) {
          score += weights[c][i] * input[i];
        }
        scores[c] = Math.exp(Math.min(score, 50));
        sum += scores[c];
      }
      for (int c = 0; c < scores.length; c++) {
        scores[c] /= sum;
      }
      return scores;
    }

    private void learn(Dataset dataset, int image, float rate) {
      double[] probabilities = probabilities(dataset, image);
      for (int c = 0; c < probabilities.length; c++) {
        float step = (float) (rate * ((dataset.label(image) == c ? 1 : 0) - probabilities[c]));
        for (int i = 0; i < inputs; i++) {
          weights[c][i] += step * input[i];
        }
      }
    }

    double accuracy(Dataset dataset) {
      int right = 0;
      for (int image = 0; image < dataset.size(); image++) {
        double[] probabilities = probabilities(dataset, image);
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
          best = probabilities[c] > probabilities[best] ? c : best;
        }
        right += best == dataset.label(image) ? 1 : 0;
      }
      return 100.0 * right / dataset.size();
    }
  }
}
