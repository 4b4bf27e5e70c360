package org.igcnet.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the machine can do; {@code -t 2} for two threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LimitsBenchmark {
  private final float[] memory = new float[MemoryPass.FLOATS];

  /** Multiply-adds on registers. */
  @Benchmark
  public float[] multiplyAdds(Count count) {
    MultiplyAdds.run(memory);
    count.done += MultiplyAdds.COUNT;
    return memory;
  }

  /** Bytes read and written back. */
  @Benchmark
  public float[] memory(Count count) {
    MemoryPass.run(memory);
    count.done += MemoryPass.BYTES;
    return memory;
  }
}
