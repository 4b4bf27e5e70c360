package org.igcnet.cpu.kernel;

import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.igcnet.cpu.kernel.Maps.Halves;

/**
 * Rows of maps that are kept as bfloat16, two columns in a vector of words. The last column of an
 * odd row stands alone.
 *
 * <p>The first of two columns is read as {@code pair << 16}, the second as {@code pair & UPPER}. A
 * float is rounded by adding {@link #HALF}, and one more where that makes it even. Both stand in
 * each loop, and in no method of their own: the compiler leaves a method that it takes for rare
 * where it is, and every vector that goes in or out of it would be an object then.
 */
final class HalfRows extends StoredRows {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final VectorSpecies<Integer> WORDS = Vectors.WORDS;
  private static final int V = Lanes.COUNT;
  private static final int BITS = 16;
  private static final int UPPER = 0xFFFF_0000;

  /**
   * What is added to a float before its lower half is cut off; one more where that makes it even.
   */
  private static final int HALF = 0x7FFF;

  private int[] data = {};

  @Override
  void take(Maps maps) {
    data = ((Halves) maps).pairs();
  }

  private static int[] data(StoredRows rows) {
    return ((HalfRows) rows).data;
  }

  @Override
  public void copyTo(Rows others) {
    int[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        x.lanewise(LSHL, BITS).reinterpretAsFloats().intoArray(to, t + i);
        x.and(UPPER).reinterpretAsFloats().intoArray(to, t + i + V);
      }
      if (i < length) {
        IntVector.fromArray(WORDS, from, f)
            .lanewise(LSHL, BITS)
            .reinterpretAsFloats()
            .intoArray(to, t + i);
      }
    }
  }

  @Override
  public void addTo(Rows others) {
    int[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        x.lanewise(LSHL, BITS)
            .reinterpretAsFloats()
            .add(FloatVector.fromArray(SPECIES, to, t + i))
            .intoArray(to, t + i);
        x.and(UPPER)
            .reinterpretAsFloats()
            .add(FloatVector.fromArray(SPECIES, to, t + i + V))
            .intoArray(to, t + i + V);
      }
      if (i < length) {
        IntVector.fromArray(WORDS, from, f)
            .lanewise(LSHL, BITS)
            .reinterpretAsFloats()
            .add(FloatVector.fromArray(SPECIES, to, t + i))
            .intoArray(to, t + i);
      }
    }
  }

  @Override
  public void rectifyTo(Rows others) {
    int[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        FloatVector y = x.lanewise(LSHL, BITS).reinterpretAsFloats();
        FloatVector z = x.and(UPPER).reinterpretAsFloats();
        y.blend(0, y.compare(LT, 0)).intoArray(to, t + i);
        z.blend(0, z.compare(LT, 0)).intoArray(to, t + i + V);
      }
      if (i < length) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        FloatVector y = x.lanewise(LSHL, BITS).reinterpretAsFloats();
        y.blend(0, y.compare(LT, 0)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void normaliseTo(Rows others, float scale, float shift, int living) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    FloatVector s = FloatVector.zero(SPECIES).blend(scale, lanes);
    FloatVector b = FloatVector.zero(SPECIES).blend(shift, lanes);
    int[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        x.lanewise(LSHL, BITS).reinterpretAsFloats().fma(s, b).intoArray(to, t + i);
        x.and(UPPER).reinterpretAsFloats().fma(s, b).intoArray(to, t + i + V);
      }
      if (i < length) {
        IntVector.fromArray(WORDS, from, f)
            .lanewise(LSHL, BITS)
            .reinterpretAsFloats()
            .fma(s, b)
            .intoArray(to, t + i);
      }
    }
  }

  @Override
  public void normaliseReluTo(Rows others, float scale, float shift, int living) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    FloatVector s = FloatVector.zero(SPECIES).blend(scale, lanes);
    FloatVector b = FloatVector.zero(SPECIES).blend(shift, lanes);
    int[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        FloatVector y = x.lanewise(LSHL, BITS).reinterpretAsFloats().fma(s, b);
        FloatVector z = x.and(UPPER).reinterpretAsFloats().fma(s, b);
        y.blend(0, y.compare(LT, 0)).intoArray(to, t + i);
        z.blend(0, z.compare(LT, 0)).intoArray(to, t + i + V);
      }
      if (i < length) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        FloatVector y = x.lanewise(LSHL, BITS).reinterpretAsFloats().fma(s, b);
        y.blend(0, y.compare(LT, 0)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void normaliseGradientTo(
      Rows others, StoredRows raw, float a, float b, float c, int living) {
    FloatVector va = FloatVector.broadcast(SPECIES, a);
    FloatVector vb = FloatVector.broadcast(SPECIES, b);
    FloatVector vc = FloatVector.zero(SPECIES).blend(c, SPECIES.indexInRange(0, living));
    int[] from = data;
    int[] raws = data(raw);
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int r = raw.base + row * raw.step;
      int t = others.base() + row * others.step();
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V, r += V) {
        IntVector g = IntVector.fromArray(WORDS, from, f);
        IntVector x = IntVector.fromArray(WORDS, raws, r);
        g.lanewise(LSHL, BITS)
            .reinterpretAsFloats()
            .fma(va, x.lanewise(LSHL, BITS).reinterpretAsFloats().fma(vb, vc))
            .intoArray(to, t + i);
        g.and(UPPER)
            .reinterpretAsFloats()
            .fma(va, x.and(UPPER).reinterpretAsFloats().fma(vb, vc))
            .intoArray(to, t + i + V);
      }
      if (i < length) {
        FloatVector g =
            IntVector.fromArray(WORDS, from, f).lanewise(LSHL, BITS).reinterpretAsFloats();
        FloatVector x =
            IntVector.fromArray(WORDS, raws, r).lanewise(LSHL, BITS).reinterpretAsFloats();
        g.fma(va, x.fma(vb, vc)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void store(Rows others) {
    float[] from = others.data();
    int[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = others.base() + row * others.step();
      int t = base + row * step;
      int i = 0;
      for (; i + V < length; i += 2 * V, t += V) {
        IntVector a = FloatVector.fromArray(SPECIES, from, f + i).reinterpretAsInts();
        a = a.add(a.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        IntVector b = FloatVector.fromArray(SPECIES, from, f + i + V).reinterpretAsInts();
        b = b.add(b.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        a.lanewise(LSHR, BITS).or(b).intoArray(to, t);
      }
      if (i < length) {
        IntVector a = FloatVector.fromArray(SPECIES, from, f + i).reinterpretAsInts();
        a = a.add(a.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        a.lanewise(LSHR, BITS).intoArray(to, t);
      }
    }
  }

  @Override
  public void storeMoments(Rows others, float[] sums, int at) {
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector square0 = FloatVector.fromArray(SPECIES, sums, at + V);
    FloatVector square1 = FloatVector.zero(SPECIES);
    float[] from = others.data();
    int[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = others.base() + row * others.step();
      int t = base + row * step;
      int i = 0;
      for (; i + V < length; i += 2 * V, t += V) {
        IntVector a = FloatVector.fromArray(SPECIES, from, f + i).reinterpretAsInts();
        a = a.add(a.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        IntVector b = FloatVector.fromArray(SPECIES, from, f + i + V).reinterpretAsInts();
        b = b.add(b.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        a.lanewise(LSHR, BITS).or(b).intoArray(to, t);
        FloatVector x = a.reinterpretAsFloats();
        FloatVector y = b.reinterpretAsFloats();
        sum0 = x.add(sum0);
        sum1 = y.add(sum1);
        square0 = x.fma(x, square0);
        square1 = y.fma(y, square1);
      }
      if (i < length) {
        IntVector a = FloatVector.fromArray(SPECIES, from, f + i).reinterpretAsInts();
        a = a.add(a.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        a.lanewise(LSHR, BITS).intoArray(to, t);
        FloatVector x = a.reinterpretAsFloats();
        sum0 = x.add(sum0);
        square0 = x.fma(x, square0);
      }
    }
    sum0.add(sum1).intoArray(sums, at);
    square0.add(square1).intoArray(sums, at + V);
  }

  @Override
  public void storeJoined(StoredRows raw, float scale, float shift, int living, Rows shortcut) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    FloatVector s = FloatVector.zero(SPECIES).blend(scale, lanes);
    FloatVector b = FloatVector.zero(SPECIES).blend(shift, lanes);
    int[] from = data(raw);
    float[] other = shortcut.data();
    int[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = raw.base + row * raw.step;
      int o = shortcut.base() + row * shortcut.step();
      int t = base + row * step;
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V, t += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        FloatVector y = FloatVector.fromArray(SPECIES, other, o + i);
        FloatVector z = FloatVector.fromArray(SPECIES, other, o + i + V);
        y = x.lanewise(LSHL, BITS).reinterpretAsFloats().fma(s, b).add(y);
        z = x.and(UPPER).reinterpretAsFloats().fma(s, b).add(z);
        IntVector left = y.blend(0, y.compare(LT, 0)).reinterpretAsInts();
        left = left.add(left.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        IntVector right = z.blend(0, z.compare(LT, 0)).reinterpretAsInts();
        right = right.add(right.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        left.lanewise(LSHR, BITS).or(right).intoArray(to, t);
      }
      if (i < length) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        FloatVector y = FloatVector.fromArray(SPECIES, other, o + i);
        y = x.lanewise(LSHL, BITS).reinterpretAsFloats().fma(s, b).add(y);
        IntVector left = y.blend(0, y.compare(LT, 0)).reinterpretAsInts();
        left = left.add(left.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        left.lanewise(LSHR, BITS).intoArray(to, t);
      }
    }
  }

  @Override
  public void storeMasked(Rows gradient, int activation, int activationStep) {
    float[] from = gradient.data();
    int[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int g = gradient.base() + row * gradient.step();
      int a = activation + row * activationStep;
      int t = base + row * step;
      int i = 0;
      for (; i + V < length; i += 2 * V, t += V) {
        FloatVector xActive = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector xGradient = FloatVector.fromArray(SPECIES, from, g + i);
        IntVector x = xGradient.blend(0, xActive.compare(LE, 0)).reinterpretAsInts();
        x = x.add(x.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        FloatVector yActive = FloatVector.fromArray(SPECIES, from, a + i + V);
        FloatVector yGradient = FloatVector.fromArray(SPECIES, from, g + i + V);
        IntVector y = yGradient.blend(0, yActive.compare(LE, 0)).reinterpretAsInts();
        y = y.add(y.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        x.lanewise(LSHR, BITS).or(y).intoArray(to, t);
      }
      if (i < length) {
        FloatVector xActive = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector xGradient = FloatVector.fromArray(SPECIES, from, g + i);
        IntVector x = xGradient.blend(0, xActive.compare(LE, 0)).reinterpretAsInts();
        x = x.add(x.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        x.lanewise(LSHR, BITS).intoArray(to, t);
      }
    }
  }

  @Override
  public void storeMaskedProducts(
      Rows gradient, int activation, int activationStep, StoredRows raw, float[] sums, int at) {
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector product0 = FloatVector.fromArray(SPECIES, sums, at + V);
    FloatVector product1 = FloatVector.zero(SPECIES);
    float[] from = gradient.data();
    int[] raws = data(raw);
    int[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int g = gradient.base() + row * gradient.step();
      int a = activation + row * activationStep;
      int r = raw.base + row * raw.step;
      int t = base + row * step;
      int i = 0;
      for (; i + V < length; i += 2 * V, r += V, t += V) {
        FloatVector xActive = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector xGradient = FloatVector.fromArray(SPECIES, from, g + i);
        IntVector x = xGradient.blend(0, xActive.compare(LE, 0)).reinterpretAsInts();
        x = x.add(x.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        FloatVector yActive = FloatVector.fromArray(SPECIES, from, a + i + V);
        FloatVector yGradient = FloatVector.fromArray(SPECIES, from, g + i + V);
        IntVector y = yGradient.blend(0, yActive.compare(LE, 0)).reinterpretAsInts();
        y = y.add(y.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        IntVector z = IntVector.fromArray(WORDS, raws, r);
        x.lanewise(LSHR, BITS).or(y).intoArray(to, t);
        sum0 = x.reinterpretAsFloats().add(sum0);
        sum1 = y.reinterpretAsFloats().add(sum1);
        product0 =
            x.reinterpretAsFloats().fma(z.lanewise(LSHL, BITS).reinterpretAsFloats(), product0);
        product1 = y.reinterpretAsFloats().fma(z.and(UPPER).reinterpretAsFloats(), product1);
      }
      if (i < length) {
        FloatVector xActive = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector xGradient = FloatVector.fromArray(SPECIES, from, g + i);
        IntVector x = xGradient.blend(0, xActive.compare(LE, 0)).reinterpretAsInts();
        x = x.add(x.lanewise(LSHR, BITS).and(1)).add(HALF).and(UPPER);
        x.lanewise(LSHR, BITS).intoArray(to, t);
        sum0 = x.reinterpretAsFloats().add(sum0);
        FloatVector z =
            IntVector.fromArray(WORDS, raws, r).lanewise(LSHL, BITS).reinterpretAsFloats();
        product0 = x.reinterpretAsFloats().fma(z, product0);
      }
    }
    sum0.add(sum1).intoArray(sums, at);
    product0.add(product1).intoArray(sums, at + V);
  }

  @Override
  public void products(StoredRows others, float[] sums, int at) {
    int[] from = data;
    int[] other = data(others);
    int length = this.length;
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector product0 = FloatVector.fromArray(SPECIES, sums, at + V);
    FloatVector product1 = FloatVector.zero(SPECIES);
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int o = others.base + row * others.step;
      int i = 0;
      for (; i + V < length; i += 2 * V, f += V, o += V) {
        IntVector x = IntVector.fromArray(WORDS, from, f);
        IntVector y = IntVector.fromArray(WORDS, other, o);
        sum0 = x.lanewise(LSHL, BITS).reinterpretAsFloats().add(sum0);
        sum1 = x.and(UPPER).reinterpretAsFloats().add(sum1);
        product0 =
            x.lanewise(LSHL, BITS)
                .reinterpretAsFloats()
                .fma(y.lanewise(LSHL, BITS).reinterpretAsFloats(), product0);
        product1 =
            x.and(UPPER).reinterpretAsFloats().fma(y.and(UPPER).reinterpretAsFloats(), product1);
      }
      if (i < length) {
        FloatVector x =
            IntVector.fromArray(WORDS, from, f).lanewise(LSHL, BITS).reinterpretAsFloats();
        sum0 = x.add(sum0);
        product0 =
            x.fma(
                IntVector.fromArray(WORDS, other, o).lanewise(LSHL, BITS).reinterpretAsFloats(),
                product0);
      }
    }
    sum0.add(sum1).intoArray(sums, at);
    product0.add(product1).intoArray(sums, at + V);
  }
}
