package org.igcnet.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.MapWindows;
import org.igcnet.cpu.kernel.Maps;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.StoredRows;
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

  /** How the maps are kept. */
  @Param({"FLOAT32", "BF16"})
  public Precision precision = Precision.FLOAT32;

  private Maps raw = Maps.of(precision, 0);
  private Maps gradient = raw;
  private Maps to = raw;
  private float[] padded = {};
  private final float[] sums = new float[2 * Lanes.COUNT];
  private final Rows inside = new Rows();
  private StoredRows first = MapWindows.of(precision);
  private StoredRows second = first;

  /** Makes maps of noise; sums begin anew, so that they stay small. */
  @Setup(Level.Iteration)
  public void prepare() {
    first = MapWindows.of(precision);
    second = MapWindows.of(precision);
    int row = size * Lanes.COUNT;
    padded = LargeArrays.noise((size + 2) * paddedRow(), 3);
    raw = map(LargeArrays.noise(size * row, 1));
    gradient = map(LargeArrays.noise(size * row, 2));
    to = map(LargeArrays.zeros(size * row));
    Arrays.fill(sums, 0);
  }

  private Maps map(float[] values) {
    int row = size * Lanes.COUNT;
    Maps maps = Maps.of(precision, Lanes.LEAD + size * Maps.row(precision, size));
    window(first, maps).store(new Rows().at(values, Lanes.LEAD, row, size, row));
    return maps;
  }

  private int paddedRow() {
    return (size + 2) * Lanes.COUNT;
  }

  private int values() {
    return size * size * Lanes.COUNT;
  }

  /** A window on a whole map. */
  private StoredRows window(StoredRows window, Maps maps) {
    return window.at(maps, Lanes.LEAD, Maps.row(precision, size), size, size);
  }

  private int insideAt() {
    return Lanes.LEAD + paddedRow() + Lanes.COUNT;
  }

  /** A window on what is inside of a border. */
  private Rows inside() {
    return inside.at(padded, insideAt(), paddedRow(), size, size * Lanes.COUNT);
  }

  /** Forward: the activation, into padded rows. */
  @Benchmark
  public float[] normaliseRelu(Count count) {
    window(first, raw).normaliseReluTo(inside(), 1.1f, 0.1f, Lanes.COUNT);
    count.done += values();
    return padded;
  }

  /** Forward: a raw output, and the sums that batch normalisation needs. */
  @Benchmark
  public float[] storeMoments(Count count) {
    window(first, to).storeMoments(inside(), sums, 0);
    count.done += values();
    return sums;
  }

  /** Forward: a residual sum. */
  @Benchmark
  public Maps join(Count count) {
    window(first, to).storeJoined(window(second, raw), 1.1f, 0.1f, Lanes.COUNT, inside());
    count.done += values();
    return to;
  }

  /** Backward: through batch normalisation, into padded rows. */
  @Benchmark
  public float[] normaliseGradient(Count count) {
    window(first, gradient)
        .normaliseGradientTo(inside(), window(second, raw), 1.1f, 0.1f, 0.01f, Lanes.COUNT);
    count.done += values();
    return padded;
  }

  /** Backward: through the ReLU, and the sums that batch normalisation needs. */
  @Benchmark
  public Maps maskProducts(Count count) {
    window(first, to)
        .storeMaskedProducts(inside(), insideAt(), paddedRow(), window(second, raw), sums, 0);
    count.done += values();
    return to;
  }
}
