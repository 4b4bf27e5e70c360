package org.igcnet.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.cpu.kernel.Ending;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.PlaneConvolution;
import org.igcnet.cpu.kernel.TapWeights;
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
  private Form primary = new Form(block.primary(), 1);
  private Form secondary = primary;
  private Form composite = primary;
  private float[] input = {};
  private float[] between = {};
  private float[] output = {};

  /** A convolution, partition by partition. */
  private static final class Form {
    private final GroupConvolution convolution;
    private final int step;
    private final PlaneConvolution kernel;
    private final TapWeights[] weights;

    /**
     * @param step channels from one of a partition's to the next; 1 where they are neighbours
     */
    Form(GroupConvolution convolution, int step) {
      this.convolution = convolution;
      this.step = step;
      int[] taps = new int[convolution.fanIn()];
      int width = convolution.kernel().width();
      int area = convolution.kernel().area();
      for (int tap = 0; tap < taps.length; tap++) {
        int place = tap % area;
        taps[tap] = tap / area * step * PLANE + place / width * PITCH + place % width;
      }
      int outputs = convolution.groupOutputs();
      int[] places = new int[convolution.outputChannels()];
      Arrays.setAll(
          places, o -> Lanes.LEAD + (first(o / outputs, outputs) + o % outputs * step) * PLANE);
      this.kernel = new PlaneConvolution(taps, outputs, Ending.sums(places));
      float[] values = LargeArrays.noise(kernel.weights() * convolution.groups(), 1);
      this.weights = new TapWeights[convolution.groups()];
      Arrays.setAll(
          weights, group -> new TapWeights(values, Lanes.LEAD + group * kernel.weights()));
    }

    /** A partition's first channel. */
    private int first(int group, int channels) {
      return step == 1 ? group * channels : group;
    }

    void run(float[] from, float[] to) {
      for (int group = 0; group < convolution.groups(); group++) {
        int in = Lanes.LEAD + first(group, convolution.groupInputs()) * PLANE;
        kernel.run(from, in, weights[group], group * convolution.groupOutputs(), to, 0, VECTORS);
      }
    }
  }

  private IgcConvolution block() {
    return (IgcConvolution) Architecture.cifar(network, 8, 10).units().get(1).map();
  }

  /** Makes maps of noise. */
  @Setup
  public void prepare() {
    block = block();
    int channels = block.outputChannels();
    primary = new Form(block.primary(), 1);
    secondary = new Form(block.secondary(), block.secondaryPartitions());
    composite =
        new Form(new GroupConvolution(block.inputChannels(), channels, 1, block.kernel(), 1), 1);
    input = LargeArrays.noise(channels * PLANE, 2);
    between = LargeArrays.zeros(channels * PLANE);
    output = LargeArrays.zeros(channels * PLANE);
  }

  /** Two group convolutions. */
  @Benchmark
  public float[] apart() {
    primary.run(input, between);
    secondary.run(between, output);
    return output;
  }

  /** One dense convolution. */
  @Benchmark
  public float[] composite() {
    composite.run(input, output);
    return output;
  }
}
