package org.igcnet.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done to each value of one channel of V images, in cache. Counts values. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RowsBenchmark {
  /** Rows and columns of the map. */
  @Param({"32", "16", "8"})
  public int size = 8;

  private float[] raw = {};
  private float[] gradient = {};
  private float[] padded = {};
  private float[] to = {};
  private final float[] sums = new float[2 * Lanes.COUNT];
  private final Rows fromRows = new Rows();
  private final Rows toRows = new Rows();
  private int row;
  private int paddedRow;

  /** Makes maps of noise; sums begin anew, so that they stay small. */
  @Setup(Level.Iteration)
  public void prepare() {
    row = size * Lanes.COUNT;
    paddedRow = row + 2 * Lanes.COUNT;
    raw = LargeArrays.noise(values(), 1);
    gradient = LargeArrays.noise(values(), 2);
    to = LargeArrays.zeros(values());
    padded = LargeArrays.noise((size + 2) * paddedRow, 3);
    Arrays.fill(sums, 0);
  }

  private int values() {
    return size * row;
  }

  /** A window on a whole map. */
  private Rows map(Rows window, float[] data) {
    return window.at(data, Lanes.LEAD, row, size, row);
  }

  private int insideAt() {
    return Lanes.LEAD + paddedRow + Lanes.COUNT;
  }

  /** A window on what is inside of a border. */
  private Rows inside(Rows window) {
    return window.at(padded, insideAt(), paddedRow, size, row);
  }

  /** Forward: the activation, into padded rows. */
  @Benchmark
  public float[] normaliseRelu(Count count) {
    inside(toRows).normaliseRelu(map(fromRows, raw), 1.1f, 0.1f, Lanes.COUNT);
    count.done += values();
    return padded;
  }

  /** Forward: the sums that batch normalisation needs. */
  @Benchmark
  public float[] moments(Count count) {
    map(fromRows, raw).products(raw, sums, 0);
    count.done += values();
    return sums;
  }

  /** Forward: a residual sum. */
  @Benchmark
  public float[] join(Count count) {
    map(toRows, to).join(raw, 1.1f, 0.1f, Lanes.COUNT, map(fromRows, gradient));
    count.done += values();
    return to;
  }

  /** Backward: through batch normalisation, into padded rows. */
  @Benchmark
  public float[] normaliseGradient(Count count) {
    inside(toRows).normaliseGradient(map(fromRows, gradient), raw, 1.1f, 0.1f, 0.01f, Lanes.COUNT);
    count.done += values();
    return padded;
  }

  /** Backward: through the ReLU, and the sums that batch normalisation needs. */
  @Benchmark
  public float[] maskProducts(Count count) {
    map(toRows, to).maskProducts(map(fromRows, padded), insideAt(), paddedRow, raw, sums, 0);
    count.done += values();
    return to;
  }
}
