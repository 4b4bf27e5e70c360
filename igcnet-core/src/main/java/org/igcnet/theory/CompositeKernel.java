package org.igcnet.theory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Add;
import org.igcnet.arch.Operation.AveragePool;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.arch.Operation.Relu;
import org.igcnet.arch.Operation.Scale;
import org.igcnet.arch.Operation.Sigmoid;

/**
 * The composite convolution kernel of a linear map, the product of its sparse kernels (equation 6).
 *
 * <p>One convolution with it computes what the map computes, except near the border where more than
 * one of the map's kernels is spatial: the map then pads its inner feature maps with zeros too.
 */
public final class CompositeKernel {
  private final Kernel kernel;

  /**
   * For each output channel its input channels' taps, row by row; those without a path are absent.
   */
  private final List<Map<Integer, double[]>> outputs;

  /** Input positions between two neighbouring outputs. */
  private final int step;

  private CompositeKernel(Kernel kernel, List<Map<Integer, double[]>> outputs, int step) {
    this.kernel = kernel;
    this.outputs = outputs;
    this.step = step;
  }

  /**
   * Multiplies the kernels of a map.
   *
   * @param map without activations between its convolutions
   * @param weights those of its factors in order, OIHW
   * @return the one kernel that does the same
   */
  public static CompositeKernel of(LinearMap map, List<double[]> weights) {
    Iterator<double[]> next = weights.iterator();
    CompositeKernel composite = identity(map.inputChannels());
    for (Operation operation : Graph.of(map, new ImageShape(map.inputChannels(), 1, 1))) {
      composite =
          switch (operation) {
            case Convolution convolution -> composite.then(convolution.convolution(), next.next());
            case Interleave interleave -> composite.then(interleave);
            case BranchSum sum -> composite.thenSum(sum.branches());
            case Relu _ ->
                throw new IllegalArgumentException(
                    "a map with an activation between its convolutions has no composite kernel");
            case BatchNorm _, Sigmoid _, Scale _, Add _, MaxPool _, AveragePool _, Linear _ ->
                throw new IllegalArgumentException(operation + " is no linear map's");
          };
    }
    return composite;
  }

  private static CompositeKernel identity(int channels) {
    List<Map<Integer, double[]>> outputs =
        IntStream.range(0, channels)
            .mapToObj(channel -> Map.of(channel, new double[] {1}))
            .toList();
    return new CompositeKernel(Kernel.POINT, outputs, 1);
  }

  private CompositeKernel then(GroupConvolution convolution, double[] weights) {
    if (weights.length != convolution.weights()) {
      throw new IllegalArgumentException(
          "%s has %d weights, not %d"
              .formatted(convolution, convolution.weights(), weights.length));
    }
    Kernel second = convolution.kernel();
    Kernel whole =
        new Kernel(
            kernel.height() + (second.height() - 1) * step,
            kernel.width() + (second.width() - 1) * step);
    List<Map<Integer, double[]>> blended =
        IntStream.range(0, convolution.outputChannels())
            .mapToObj(output -> blend(convolution, weights, output, whole))
            .toList();
    return new CompositeKernel(whole, blended, step * convolution.stride());
  }

  /** One output channel of a convolution that reads this kernel's outputs. */
  private Map<Integer, double[]> blend(
      GroupConvolution convolution, double[] weights, int output, Kernel whole) {
    Map<Integer, double[]> blended = new HashMap<>();
    int group = output / convolution.groupOutputs();
    for (int i = 0; i < convolution.groupInputs(); i++) {
      int at = (output * convolution.groupInputs() + i) * convolution.kernel().area();
      outputs
          .get(group * convolution.groupInputs() + i)
          .forEach(
              (input, first) ->
                  convolve(
                      first,
                      convolution.kernel(),
                      weights,
                      at,
                      whole,
                      blended.computeIfAbsent(input, _ -> new double[whole.area()])));
    }
    return blended;
  }

  /** Adds the product of two kernels of one channel each. */
  private void convolve(
      double[] first, Kernel second, double[] weights, int at, Kernel whole, double[] sums) {
    for (int tap = 0; tap < second.area(); tap++) {
      int row = tap / second.width() * step;
      int column = tap % second.width() * step;
      for (int i = 0; i < first.length; i++) {
        int to = (row + i / kernel.width()) * whole.width() + column + i % kernel.width();
        sums[to] += weights[at + tap] * first[i];
      }
    }
  }

  private CompositeKernel then(Interleave interleave) {
    List<Map<Integer, double[]>> moved =
        IntStream.range(0, outputs.size())
            .boxed()
            .sorted((a, b) -> Integer.compare(interleave.moved(a), interleave.moved(b)))
            .map(outputs::get)
            .toList();
    return new CompositeKernel(kernel, moved, step);
  }

  private CompositeKernel thenSum(int branches) {
    int channels = outputs.size() / branches;
    List<Map<Integer, double[]>> sums =
        IntStream.range(0, channels)
            .mapToObj(
                channel ->
                    sum(
                        IntStream.range(0, branches)
                            .mapToObj(branch -> outputs.get(branch * channels + channel))))
            .toList();
    return new CompositeKernel(kernel, sums, step);
  }

  private static Map<Integer, double[]> sum(Stream<Map<Integer, double[]>> branches) {
    Map<Integer, double[]> sums = new HashMap<>();
    branches.forEach(
        branch -> branch.forEach((input, taps) -> sums.merge(input, taps, CompositeKernel::sum)));
    return sums;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }

  /** {@return its spatial extent} */
  public Kernel kernel() {
    return kernel;
  }

  /** {@return the number of output channels} */
  public int outputs() {
    return outputs.size();
  }

  /**
   * The taps that join an output and an input channel, row by row; zeros where no path does.
   *
   * @param output number of the output channel
   * @param input number of the input channel
   * @return a copy
   */
  public double[] taps(int output, int input) {
    double[] taps = outputs.get(output).get(input);
    return taps == null ? new double[kernel.area()] : taps.clone();
  }
}
