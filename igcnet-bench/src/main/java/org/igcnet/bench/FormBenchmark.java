package org.igcnet.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.cpu.kernel.Ending;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Partition;
import org.igcnet.cpu.kernel.PlaneConvolution;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The two forms that an IGC block can have in inference, on one 16×16 image: its two group
 * convolutions, or their composite kernel (equation 6). {@link org.igcnet.cpu.kernel.TapCost} says
 * which the engine expects to be faster.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FormBenchmark {
  private static final int SIZE = 16;
  private static final int PITCH = SIZE + 1;
  private static final int VECTORS = Math.ceilDiv(SIZE * PITCH, Lanes.COUNT);

  /** Distance of channels, with room for a border above and below. */
  private static final int PLANE = (VECTORS + 2) * Lanes.COUNT + 2 * (PITCH + 1);

  /** A network whose first block is measured. */
  @Param({"IGC-L1M16", "IGC-L2M1", "IGC-L2M2", "IGC-L4M1", "IGC-L8M1", "IGC-L4M8", "IGC-L24M2"})
  public String network = "IGC-L24M2";

  private IgcConvolution block = block();
  private PlaneConvolution primary = kernel(block.primary(), 1);
  private PlaneConvolution secondary = primary;
  private PlaneConvolution composite = primary;
  private float[] input = {};
  private float[] between = {};
  private float[] output = {};

  /**
   * A convolution's kernel.
   *
   * @param step channels from one of a partition's to the next; 1 where they are neighbours
   */
  private static PlaneConvolution kernel(GroupConvolution convolution, int step) {
    int[] taps = new int[convolution.fanIn()];
    int width = convolution.kernel().width();
    int area = convolution.kernel().area();
    for (int tap = 0; tap < taps.length; tap++) {
      int place = tap % area;
      taps[tap] = tap / area * step * PLANE + place / width * PITCH + place % width;
    }
    int inputs = convolution.groupInputs();
    int outputs = convolution.groupOutputs();
    int[] places = new int[convolution.outputChannels()];
    Arrays.setAll(
        places, o -> Lanes.LEAD + first(step, o / outputs, outputs) + o % outputs * step * PLANE);
    List<Partition> partitions =
        IntStream.range(0, convolution.groups())
            .mapToObj(group -> new Partition(first(step, group, inputs), group * outputs))
            .toList();
    float[] weights = LargeArrays.noise(places.length * taps.length, 1);
    return new PlaneConvolution(taps, outputs, partitions, weights, Ending.sums(places));
  }

  /** Where a partition's first channel lies. */
  private static int first(int step, int group, int channels) {
    return (step == 1 ? group * channels : group) * PLANE;
  }

  private static void run(PlaneConvolution kernel, float[] from, float[] to) {
    kernel.run(from, Lanes.LEAD, to, 0, VECTORS);
  }

  private IgcConvolution block() {
    return (IgcConvolution) Architecture.cifar(network, 8, 10).units().get(1).map();
  }

  /** Makes maps of noise. */
  @Setup
  public void prepare() {
    block = block();
    int channels = block.outputChannels();
    primary = kernel(block.primary(), 1);
    secondary = kernel(block.secondary(), block.secondaryPartitions());
    composite =
        kernel(new GroupConvolution(block.inputChannels(), channels, 1, block.kernel(), 1), 1);
    input = LargeArrays.noise(channels * PLANE, 2);
    between = LargeArrays.zeros(channels * PLANE);
    output = LargeArrays.zeros(channels * PLANE);
  }

  /** Two group convolutions. */
  @Benchmark
  public float[] apart() {
    run(primary, input, between);
    run(secondary, between, output);
    return output;
  }

  /** One dense convolution. */
  @Benchmark
  public float[] composite() {
    run(composite, input, output);
    return output;
  }
}
