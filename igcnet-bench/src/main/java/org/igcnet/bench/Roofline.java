package org.igcnet.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.ImageShape;
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
import org.igcnet.backend.Precision;
import org.igcnet.theory.NetworkCost;

/**
 * The machine's limits, and the least time that they leave for a network: arithmetic at the peak or
 * memory at full bandwidth, whichever takes longer, pass by pass.
 *
 * <p>In training, batch normalisation needs a whole batch before anything can go on, so each unit's
 * output is written and read again. Forward a unit reads what is before it and writes its output.
 * Backward it reads its output, the gradient of that and what is before it, and writes the gradient
 * of the latter. A residual sum reads two outputs and writes one. In inference nothing has to go to
 * memory but images and weights.
 *
 * @param multiplyAdds a second, at most
 * @param bytes a second, at most
 */
record Roofline(double multiplyAdds, double bytes) {
  /** Training is counted as three times the forward pass. */
  static final int TRAINING_PASSES = 3;

  /** Multiply-adds of one step of a contender. */
  static double work(Contender.OfNetwork contender) {
    double forward =
        (double) contender.images() * NetworkCost.of(contender.architecture()).multiplyAdds();
    return switch (contender) {
      case Contender.Training _ -> TRAINING_PASSES * forward;
      case Contender.Inference _ -> forward;
      case Contender.Older older -> work(older.ours());
    };
  }

  /** The least time of one step, in seconds. */
  double seconds(Contender.OfNetwork contender) {
    return switch (contender) {
      case Contender.Training training -> moving(training.maps()).training(training);
      case Contender.Inference inference -> inference(inference);
      case Contender.Older older -> seconds(older.ours());
    };
  }

  /** With values that take other bytes, more or fewer of them pass. */
  private Roofline moving(Precision precision) {
    return new Roofline(multiplyAdds, bytes * Float.BYTES / precision.bytes());
  }

  private double inference(Contender.Inference contender) {
    Architecture architecture = contender.architecture();
    double images = (double) contender.images() * architecture.input().size();
    return pass(work(contender), images + NetworkCost.of(architecture).parameters());
  }

  private double training(Contender.Training contender) {
    Graph graph = Graph.of(contender.architecture());
    double seconds = 0;
    Set<String> read = new HashSet<>();
    List<Convolution> unit = new ArrayList<>();
    for (Operation operation : graph) {
      switch (operation) {
        case Convolution convolution -> unit.add(convolution);
        case BatchNorm norm -> {
          String input = unit.getFirst().input();
          seconds += unit(unit, norm.output(), contender.images(), read.add(input));
          unit.clear();
        }
        case Add sum -> {
          double values = (double) contender.images() * sum.output().size();
          boolean identity = read.contains(sum.inputs().getLast());
          seconds += pass(0, 3 * values) + (identity ? pass(0, values) : 0);
        }
        case Scale scale -> {
          seconds += pass(0, 6.0 * contender.images() * scale.output().size());
          unit.clear();
        }
        case Linear linear ->
            seconds += pass(0, 3.0 * contender.images() * linear.head().input().size());
        case Interleave _, BranchSum _, Relu _, Sigmoid _, MaxPool _, AveragePool _ -> {
          // done while their neighbours read or write
        }
      }
    }
    return seconds;
  }

  /**
   * Forward and backward of a unit.
   *
   * @param alone whether it has to read what is before it; a projection reads it with the block's
   *     first unit, which also writes its gradient
   */
  private double unit(List<Convolution> unit, ImageShape output, int images, boolean alone) {
    long multiplyAdds =
        unit.stream().mapToLong(c -> (long) c.convolution().weights() * c.output().pixels()).sum();
    double work = (double) images * multiplyAdds;
    double in = (double) images * unit.getFirst().from().size();
    double out = (double) images * output.size();
    double read = alone ? in : 0;
    double written = alone && !unit.getFirst().input().equals(Graph.IMAGE) ? in : 0;
    return pass(work, read + out) + pass((TRAINING_PASSES - 1) * work, 2 * out + read + written);
  }

  private double pass(double work, double values) {
    return Math.max(work / multiplyAdds, values * Float.BYTES / bytes);
  }
}
