package org.igcnet.onnx;

import java.util.function.IntToDoubleFunction;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.backend.Weights;

/** The weights of a {@link Part.Product}. They are rounded to floats once, when all is folded. */
final class FoldedKernel {
  private final GroupConvolution convolution;

  /** OIHW. */
  private final double[] values;

  private FoldedKernel(GroupConvolution convolution) {
    this.convolution = convolution;
    this.values = new double[convolution.weights()];
  }

  /** Multiplies the kernels of all operations (equation 6). */
  static FoldedKernel of(Part.Product product, Weights weights) {
    return product.operations().stream()
        .map(operation -> of(operation, weights))
        .reduce(FoldedKernel::then)
        .orElseThrow();
  }

  private static FoldedKernel of(Operation operation, Weights weights) {
    FoldedKernel kernel = new FoldedKernel(FoldedShape.of(operation));
    switch (operation) {
      case Convolution own -> kernel.fill(weights.values(), weights.offset(own.weight()));
      case Interleave own -> kernel.connect(own);
      case BranchSum _ -> kernel.connectBranches();
      default -> throw new IllegalArgumentException(operation + " is not linear");
    }
    return kernel;
  }

  private void fill(float[] from, int offset) {
    for (int i = 0; i < values.length; i++) {
      values[i] = from[offset + i];
    }
  }

  private void connect(Interleave permutation) {
    for (int channel = 0; channel < convolution.inputChannels(); channel++) {
      connect(channel, permutation.moved(channel));
    }
  }

  private void connectBranches() {
    for (int channel = 0; channel < convolution.inputChannels(); channel++) {
      connect(channel, channel % convolution.outputChannels());
    }
  }

  private void connect(int input, int output) {
    values[output * convolution.fanIn() + input - firstInput(output)] = 1;
  }

  /** This and then another one, of which one is pointwise. */
  private FoldedKernel then(FoldedKernel next) {
    FoldedKernel product = new FoldedKernel(FoldedShape.product(convolution, next.convolution));
    int taps = next.convolution.kernel().area();
    int inputs = next.convolution.groupInputs();
    for (int output = 0; output < next.convolution.outputChannels(); output++) {
      int first = output / next.convolution.groupOutputs() * inputs;
      for (int i = 0; i < inputs * taps; i++) {
        double weight = next.values[output * inputs * taps + i];
        if (weight != 0) {
          product.add(output, i % taps, weight, this, first + i / taps);
        }
      }
    }
    return product;
  }

  /** Adds a row of {@code first}, that of its channel {@code middle}, to one of this. */
  private void add(int output, int tap, double weight, FoldedKernel first, int middle) {
    GroupConvolution a = first.convolution;
    int area = convolution.kernel().area();
    int taps = a.kernel().area();
    int skipped = middle / a.groupOutputs() * a.groupInputs() - firstInput(output);
    int to = output * convolution.fanIn() + skipped * area + tap;
    int from = middle * a.fanIn();
    for (int i = 0; i < a.fanIn(); i++) {
      values[to + i / taps * area + i % taps] += weight * first.values[from + i];
    }
  }

  /** The first input channel of an output channel's partition. */
  private int firstInput(int output) {
    return output / convolution.groupOutputs() * convolution.groupInputs();
  }

  /** Multiplies each output channel by a factor. */
  void scale(IntToDoubleFunction factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor.applyAsDouble(i / convolution.fanIn());
    }
  }

  /**
   * The weights for fewer partitions, with zeros where two of this one's do not meet.
   *
   * @param wide the same convolution in fewer partitions
   */
  float[] widened(GroupConvolution wide) {
    float[] widened = new float[wide.weights()];
    for (int output = 0; output < wide.outputChannels(); output++) {
      int skipped = firstInput(output) - output / wide.groupOutputs() * wide.groupInputs();
      int to = output * wide.fanIn() + skipped * wide.kernel().area();
      int from = output * convolution.fanIn();
      for (int i = 0; i < convolution.fanIn(); i++) {
        widened[to + i] = (float) values[from + i];
      }
    }
    return widened;
  }
}
