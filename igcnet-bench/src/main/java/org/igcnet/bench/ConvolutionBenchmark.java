package org.igcnet.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.TapConvolution;
import org.igcnet.cpu.kernel.TapGradient;
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

/** One partition's convolution of V images, and the gradient of its weights, on maps in cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ConvolutionBenchmark {
  /** Which convolution. */
  @Param public KernelShape shape = KernelShape.CHANNEL_WISE;

  private TapConvolution convolution = convolution();
  private TapGradient gradient = gradient();
  private float[] input = {};
  private float[] output = {};
  private float[] outputGradient = {};
  private TapWeights weights = weights();
  private float[] sums = {};
  private final Rows outputs = new Rows();

  private TapConvolution convolution() {
    return new TapConvolution(shape.taps(), shape.outputs(), shape.in(), shape.out());
  }

  private TapGradient gradient() {
    return new TapGradient(shape.taps(), shape.in(), shape.gradient());
  }

  private TapWeights weights() {
    return new TapWeights(LargeArrays.noise(convolution.weights(), 1), Lanes.LEAD);
  }

  /** Makes maps of noise. */
  @Setup
  public void prepare() {
    convolution = convolution();
    gradient = gradient();
    input = LargeArrays.noise(shape.inputValues(), 2);
    output = LargeArrays.noise(shape.outputValues(), 3);
    outputGradient = LargeArrays.noise(shape.gradientValues(), 3);
    weights = weights();
    sums = LargeArrays.zeros(convolution.weights() * Lanes.COUNT);
  }

  /** Forward, and backward to the input, which is another convolution of this kind. */
  @Benchmark
  public float[] convolution(Count count) {
    convolution.run(input, Lanes.LEAD, weights, output, Lanes.LEAD, shape.size(), shape.size());
    count.done += shape.multiplyAdds();
    return output;
  }

  /** Backward to the weights. */
  @Benchmark
  public float[] weightGradient(Count count) {
    Arrays.fill(sums, Lanes.LEAD, Lanes.LEAD + convolution.weights() * Lanes.COUNT, 0);
    int length = shape.size() * Lanes.COUNT;
    outputs.at(outputGradient, Lanes.LEAD, shape.gradient().row(), shape.size(), length);
    gradient.run(shape.outputs(), outputs, input, Lanes.LEAD, sums, Lanes.LEAD);
    count.done += shape.multiplyAdds();
    return sums;
  }
}
