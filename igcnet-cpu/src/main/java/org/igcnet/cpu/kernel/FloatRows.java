package org.igcnet.cpu.kernel;

import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.igcnet.cpu.kernel.Maps.Floats;

/**
 * Rows of maps that are kept as 32-bit floats. No vector goes into a method or out of one; {@link
 * HalfRows} says why.
 */
final class FloatRows extends StoredRows {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final int V = Lanes.COUNT;

  private float[] data = {};

  @Override
  void take(Maps maps) {
    data = ((Floats) maps).values();
  }

  private static float[] data(StoredRows rows) {
    return ((FloatRows) rows).data;
  }

  @Override
  public void copyTo(Rows to) {
    for (int row = 0; row < count; row++) {
      System.arraycopy(data, base + row * step, to.data(), to.base() + row * to.step(), length);
    }
  }

  @Override
  public void addTo(Rows to) {
    for (int row = 0; row < count; row++) {
      Rows.add(data, base + row * step, to.data(), to.base() + row * to.step(), length);
    }
  }

  @Override
  public void rectifyTo(Rows others) {
    float[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      for (int i = 0; i < length; i += V) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, f + i);
        x.blend(0, x.compare(LT, 0)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void normaliseTo(Rows others, float scale, float shift, int living) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    FloatVector s = FloatVector.zero(SPECIES).blend(scale, lanes);
    FloatVector b = FloatVector.zero(SPECIES).blend(shift, lanes);
    float[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      for (int i = 0; i < length; i += V) {
        FloatVector.fromArray(SPECIES, from, f + i).fma(s, b).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void normaliseReluTo(Rows others, float scale, float shift, int living) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    FloatVector s = FloatVector.zero(SPECIES).blend(scale, lanes);
    FloatVector b = FloatVector.zero(SPECIES).blend(shift, lanes);
    float[] from = data;
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int t = others.base() + row * others.step();
      for (int i = 0; i < length; i += V) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, f + i).fma(s, b);
        x.blend(0, x.compare(LT, 0)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void normaliseGradientTo(
      Rows others, StoredRows raw, float a, float b, float c, int living) {
    FloatVector va = FloatVector.broadcast(SPECIES, a);
    FloatVector vb = FloatVector.broadcast(SPECIES, b);
    FloatVector vc = FloatVector.zero(SPECIES).blend(c, SPECIES.indexInRange(0, living));
    float[] from = data;
    float[] raws = data(raw);
    float[] to = others.data();
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int r = raw.base + row * raw.step;
      int t = others.base() + row * others.step();
      for (int i = 0; i < length; i += V) {
        FloatVector g = FloatVector.fromArray(SPECIES, from, f + i);
        FloatVector x = FloatVector.fromArray(SPECIES, raws, r + i);
        g.fma(va, x.fma(vb, vc)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void store(Rows from) {
    for (int row = 0; row < count; row++) {
      System.arraycopy(
          from.data(), from.base() + row * from.step(), data, base + row * step, length);
    }
  }

  /** Two partial sums each hide the latency of the addition. */
  @Override
  public void storeMoments(Rows others, float[] sums, int at) {
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector square0 = FloatVector.fromArray(SPECIES, sums, at + V);
    FloatVector square1 = FloatVector.zero(SPECIES);
    float[] from = others.data();
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = others.base() + row * others.step();
      int t = base + row * step;
      int i = 0;
      for (; i + V < length; i += 2 * V) {
        FloatVector a = FloatVector.fromArray(SPECIES, from, f + i);
        FloatVector b = FloatVector.fromArray(SPECIES, from, f + i + V);
        a.intoArray(to, t + i);
        b.intoArray(to, t + i + V);
        sum0 = a.add(sum0);
        sum1 = b.add(sum1);
        square0 = a.fma(a, square0);
        square1 = b.fma(b, square1);
      }
      if (i < length) {
        FloatVector a = FloatVector.fromArray(SPECIES, from, f + i);
        a.intoArray(to, t + i);
        sum0 = a.add(sum0);
        square0 = a.fma(a, square0);
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
    float[] from = data(raw);
    float[] other = shortcut.data();
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = raw.base + row * raw.step;
      int o = shortcut.base() + row * shortcut.step();
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector y = FloatVector.fromArray(SPECIES, other, o + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, f + i).fma(s, b).add(y);
        x.blend(0, x.compare(LT, 0)).intoArray(to, t + i);
      }
    }
  }

  @Override
  public void storeMasked(Rows gradient, int activation, int activationStep) {
    float[] from = gradient.data();
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int g = gradient.base() + row * gradient.step();
      int a = activation + row * activationStep;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector active = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector.fromArray(SPECIES, from, g + i)
            .blend(0, active.compare(LE, 0))
            .intoArray(to, t + i);
      }
    }
  }

  @Override
  public void storeMaskedProducts(
      Rows gradient, int activation, int activationStep, StoredRows raw, float[] sums, int at) {
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector product = FloatVector.fromArray(SPECIES, sums, at + V);
    float[] from = gradient.data();
    float[] raws = data(raw);
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int g = gradient.base() + row * gradient.step();
      int a = activation + row * activationStep;
      int r = raw.base + row * raw.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector active = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector through =
            FloatVector.fromArray(SPECIES, from, g + i).blend(0, active.compare(LE, 0));
        through.intoArray(to, t + i);
        sum = through.add(sum);
        product = through.fma(FloatVector.fromArray(SPECIES, raws, r + i), product);
      }
    }
    sum.intoArray(sums, at);
    product.intoArray(sums, at + V);
  }

  /** Two partial sums each hide the latency of the addition. */
  @Override
  public void products(StoredRows others, float[] sums, int at) {
    float[] x = data;
    float[] y = data(others);
    int length = this.length;
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector product0 = FloatVector.fromArray(SPECIES, sums, at + V);
    FloatVector product1 = FloatVector.zero(SPECIES);
    for (int row = 0; row < count; row++) {
      int f = base + row * step;
      int o = others.base + row * others.step;
      int i = 0;
      for (; i + V < length; i += 2 * V) {
        FloatVector a = FloatVector.fromArray(SPECIES, x, f + i);
        FloatVector b = FloatVector.fromArray(SPECIES, x, f + i + V);
        sum0 = a.add(sum0);
        sum1 = b.add(sum1);
        product0 = a.fma(FloatVector.fromArray(SPECIES, y, o + i), product0);
        product1 = b.fma(FloatVector.fromArray(SPECIES, y, o + i + V), product1);
      }
      if (i < length) {
        FloatVector a = FloatVector.fromArray(SPECIES, x, f + i);
        sum0 = a.add(sum0);
        product0 = a.fma(FloatVector.fromArray(SPECIES, y, o + i), product0);
      }
    }
    sum0.add(sum1).intoArray(sums, at);
    product0.add(product1).intoArray(sums, at + V);
  }
}
