package org.igcnet.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.loss.CrossEntropy.Score;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {
  @Test
  void equalLogitsCostTheLogarithmOfTheNumberOfClasses() {
    Score score = CrossEntropy.score(new float[20], 10, Target.all(0, 5));
    assertThat(score.meanLoss()).isCloseTo(Math.log(10), within(1e-12));
    assertThat(score.images()).isEqualTo(2);
  }

  @Test
  void aKnownCase() {
    // softmax(1, 2, 3) = (0.09003057, 0.24472847, 0.66524096)
    float[] logits = {1, 2, 3};
    assertThat(CrossEntropy.score(logits, 3, Target.all(1)).meanLoss())
        .isCloseTo(1.4076059644, within(1e-9));
    assertThat(CrossEntropy.probabilities(logits, 3)[2]).isCloseTo(0.6652409558, within(1e-9));
    float[] gradient = new float[3];
    CrossEntropy.gradient(logits, 3, Target.all(1), 1, gradient);
    assertThat(gradient)
        .containsExactly(new float[] {0.0900306f, -0.7552715f, 0.665241f}, within(1e-6f));
  }

  @Test
  void greatLogitsDoNotOverflow() {
    float[] logits = {3e38f, -3e38f, 0};
    assertThat(CrossEntropy.score(logits, 3, Target.all(0)).meanLoss()).isZero();
    assertThat(CrossEntropy.score(logits, 3, Target.all(2)).meanLoss()).isEqualTo(3e38f);
    assertThat(CrossEntropy.probabilities(logits, 3)).containsExactly(1, 0, 0);
  }

  @Test
  void theRankDecidesWhatIsCorrect() {
    float[] logits = {0, 1, 2, 3, 4, 5, 6};
    for (int label = 0; label < 7; label++) {
      Score score = CrossEntropy.score(logits, 7, Target.all(label));
      assertThat(score.correct()).isEqualTo(label == 6 ? 1 : 0);
      assertThat(score.correctTop5()).isEqualTo(label >= 2 ? 1 : 0);
    }
  }

  @Test
  void ofEqualLogitsTheFirstClassIsTheAnswer() {
    float[] logits = new float[12];
    assertThat(CrossEntropy.score(logits, 6, Target.all(0, 5)))
        .isEqualTo(new Score(2, 2 * Math.log(6), 1, 1));
  }

  @Test
  void notANumberIsNeverCorrect() {
    float[] logits = {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN};
    Score score = CrossEntropy.score(logits, 6, Target.all(0));
    assertThat(score.loss()).isNaN();
    assertThat(score.correct() + score.correctTop5()).isZero();
  }

  @Property(tries = 100)
  void theGradientIsThatOfFiniteDifferences(
      @ForAll @IntRange(min = 1, max = 5) int images,
      @ForAll @IntRange(min = 2, max = 12) int classes,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] logits = new float[images * classes];
    Target[] targets = new Target[images];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    for (int i = 0; i < images; i++) {
      double smoothing = random.nextInt(2) * 0.1;
      int mixed = random.nextInt(classes);
      targets[i] =
          new Target(random.nextInt(classes), mixed, 0.75, smoothing, 1 + random.nextInt(2));
    }
    float[] gradients = new float[logits.length];
    CrossEntropy.gradient(logits, classes, targets, images, gradients);
    for (int i = 0; i < logits.length; i++) {
      float at = logits[i];
      logits[i] = at + 0x1p-8f;
      double above = CrossEntropy.score(logits, classes, targets).meanLoss();
      float up = logits[i];
      logits[i] = at - 0x1p-8f;
      double below = CrossEntropy.score(logits, classes, targets).meanLoss();
      double slope = (above - below) / ((double) up - logits[i]);
      logits[i] = at;
      assertThat((double) gradients[i]).isCloseTo(slope, within(2e-6));
    }
  }
}
