package org.igcnet.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.igcnet.backend.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What windows on maps compute, against the formulas, value by value. */
class StoredRowsTest {
  private static final int V = Lanes.COUNT;
  private static final int BASE = 3;
  private static final float SCALE = -1.25f;
  private static final float SHIFT = 0.375f;

  /** Rows of noise, in maps that keep others on both sides, and as they come back. */
  private static final class Sample {
    private final Precision precision;
    private final int rows;
    private final int columns;
    private final Maps maps;
    private final float[] kept;

    Sample(Precision precision, int rows, int columns, Random random) {
      this.precision = precision;
      this.rows = rows;
      this.columns = columns;
      this.maps = Maps.of(precision, BASE + (rows + 1) * step());
      float[] values = noise(rows * columns * V, random);
      window().store(packed(values));
      this.kept = read();
    }

    int step() {
      return Maps.row(precision, columns) + V;
    }

    StoredRows window() {
      return MapWindows.of(precision).at(maps, BASE, step(), rows, columns);
    }

    Rows packed(float[] values) {
      return new Rows().at(values, 0, columns * V, rows, columns * V);
    }

    /** What stands there now. */
    float[] read() {
      float[] values = new float[rows * columns * V];
      window().copyTo(packed(values));
      return values;
    }

    float keep(double value) {
      return StoredRowsTest.keep(precision, (float) value);
    }
  }

  private static float[] noise(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(8) == 0 ? 0 : (float) random.nextGaussian();
    }
    return values;
  }

  /** The nearest value that is kept, of two as near the even one. */
  private static float keep(Precision precision, float value) {
    if (precision == Precision.FLOAT32) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int lower = bits & 0xFFFF;
    int upper = bits >>> 16;
    boolean up = lower > 0x8000 || (lower == 0x8000 && upper % 2 == 1);
    return Float.intBitsToFloat((up ? upper + 1 : upper) << 16);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "0, 0",
    "-0.0, -0.0",
    "1.00390625, 1", // halfway, and 1 is even
    "1.01171875, 1.015625", // halfway, and 1.0078125 is odd
    "1.0039063692092896, 1.0078125",
    "3.4028235e38, Infinity",
    "-3.3895314e38, -3.3895314e38",
    "1e-40, 9.1835E-41",
    "-Infinity, -Infinity",
    "NaN, NaN",
  })
  void halvesAreRoundedToTheNearestAndEven(float value, float kept) {
    assertThat(keep(Precision.BF16, value)).isEqualTo(Float.valueOf(kept));
    Sample sample = new Sample(Precision.BF16, 1, 1, new Random(1));
    float[] values = new float[V];
    Arrays.fill(values, value);
    sample.window().store(sample.packed(values));
    assertThat(sample.read()).containsOnly(kept);
  }

  @Property(tries = 200)
  void whatIsStoredComesBackAndNothingElseChanges(
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll int seed) {
    Random random = new Random(seed);
    Sample sample = new Sample(precision, rows, columns, random);
    float[] values = noise(rows * columns * V, random);
    sample.window().store(sample.packed(values));
    assertAll(sample.read(), i -> keep(precision, values[i]), 0);
    float[] target = new float[rows * (columns + 1) * V + V];
    Arrays.fill(target, 7);
    sample.window().copyTo(new Rows().at(target, V, (columns + 1) * V, rows, columns * V));
    for (int row = 0; row <= rows; row++) {
      int border = row * (columns + 1) * V;
      for (int lane = 0; lane < V; lane++) {
        assertThat(target[border + lane]).isEqualTo(7);
      }
    }
  }

  @Property(tries = 200)
  void whatIsReadIsNormalisedAndRectified(
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll @IntRange(min = 1, max = 4) int living,
      @ForAll int seed) {
    Random random = new Random(seed);
    Sample x = new Sample(precision, rows, columns, random);
    Sample raw = new Sample(precision, rows, columns, random);
    float[] begin = noise(x.kept.length, random);
    float[] to = begin.clone();
    x.window().addTo(x.packed(to));
    assertAll(to, i -> begin[i] + x.kept[i], 0);
    x.window().rectifyTo(x.packed(to));
    assertAll(to, i -> Math.max(0, x.kept[i]), 0);
    x.window().normaliseTo(x.packed(to), SCALE, SHIFT, living);
    assertAll(to, i -> i % V < living ? SCALE * x.kept[i] + SHIFT : 0, 1e-6);
    x.window().normaliseReluTo(x.packed(to), SCALE, SHIFT, living);
    assertAll(to, i -> i % V < living ? Math.max(0, SCALE * x.kept[i] + SHIFT) : 0, 1e-6);
    x.window().normaliseGradientTo(x.packed(to), raw.window(), SCALE, 0.5f, SHIFT, living);
    assertAll(to, i -> SCALE * x.kept[i] + 0.5 * raw.kept[i] + (i % V < living ? SHIFT : 0), 1e-6);
  }

  @Property(tries = 200)
  void sumsAreOfWhatIsKept(
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll int seed) {
    Random random = new Random(seed);
    Sample x = new Sample(precision, rows, columns, random);
    Sample raw = new Sample(precision, rows, columns, random);
    float[] values = noise(2 * x.kept.length, random);
    int activation = x.kept.length;
    Rows from = x.packed(values);
    float[] sums = noise(2 * V + 1, random);
    float[] before = sums.clone();

    x.window().storeMoments(from, sums, 1);
    assertAll(x.read(), i -> x.keep(values[i]), 0);
    assertSums(before, sums, x.read(), x.read());

    System.arraycopy(before, 0, sums, 0, sums.length);
    raw.window().products(x.window(), sums, 1);
    assertSums(before, sums, raw.kept, x.read());

    x.window().storeMasked(from, activation, columns * V);
    assertAll(x.read(), i -> values[activation + i] > 0 ? x.keep(values[i]) : 0, 0);

    x.window().store(from);
    System.arraycopy(before, 0, sums, 0, sums.length);
    x.window().storeMaskedProducts(from, activation, columns * V, raw.window(), sums, 1);
    assertAll(x.read(), i -> values[activation + i] > 0 ? x.keep(values[i]) : 0, 0);
    assertSums(before, sums, x.read(), raw.kept);
  }

  @Property(tries = 200)
  void aSumWithAShortcutIsRectified(
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll @IntRange(min = 1, max = 4) int living,
      @ForAll int seed) {
    Random random = new Random(seed);
    Sample raw = new Sample(precision, rows, columns, random);
    Sample to = new Sample(precision, rows, columns, random);
    float[] shortcut = noise(raw.kept.length, random);
    to.window().storeJoined(raw.window(), SCALE, SHIFT, living, to.packed(shortcut));
    double rounding = precision == Precision.FLOAT32 ? 1e-6 : 0x1p-5;
    assertAll(
        to.read(),
        i -> Math.max(0, (i % V < living ? SCALE * raw.kept[i] + SHIFT : 0) + shortcut[i]),
        rounding);
  }

  private static void assertAll(float[] values, IntToDoubleFunction wanted, double tolerance) {
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i])
          .as("value %d", i)
          .isCloseTo(wanted.applyAsDouble(i), within(tolerance));
    }
  }

  private static void assertSums(float[] before, float[] sums, float[] x, float[] y) {
    assertThat(sums[0]).isEqualTo(before[0]);
    for (int lane = 0; lane < V; lane++) {
      double sum = before[1 + lane];
      double product = before[1 + V + lane];
      for (int i = lane; i < x.length; i += V) {
        sum += x[i];
        product += (double) x[i] * y[i];
      }
      assertThat((double) sums[1 + lane]).isCloseTo(sum, within(1e-4));
      assertThat((double) sums[1 + V + lane]).isCloseTo(product, within(1e-4));
    }
  }
}
