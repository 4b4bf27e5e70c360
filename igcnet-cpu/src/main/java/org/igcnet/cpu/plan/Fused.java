package org.igcnet.cpu.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation.AveragePool;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.arch.Operation.Scale;

/** A step of a {@link Fusion}: some operations that run as one. Maps go by their graph's names. */
public sealed interface Fused {
  /** The name of the map that it reads. */
  String input();

  /** The name of the map that it writes. */
  String output();

  /** The names of all maps that it reads. */
  default List<String> reads() {
    return List.of(input());
  }

  /** The names of the tensors that it can learn. */
  default List<String> learned() {
    return List.of();
  }

  /**
   * A linear map and its batch normalisation, perhaps the sum with another map, perhaps a ReLU.
   *
   * @param factors the map's convolutions, at least one
   * @param shortcut the name of what is added
   * @param rectified whether a ReLU ends it
   */
  record Unit(
      String input,
      List<Factor> factors,
      BatchNorm norm,
      Optional<String> shortcut,
      boolean rectified,
      String output)
      implements Fused {
    public Unit {
      factors = List.copyOf(factors);
    }

    /** Its name: {@code stage1.0}. */
    public String name() {
      return norm.unit();
    }

    /** The shape that it reads. */
    public ImageShape from() {
      return factors.getFirst().from();
    }

    /** The shape that it writes. */
    public ImageShape to() {
      return norm.output();
    }

    /** With a sum after it, which is {@code sum}. */
    Unit plus(String addend, String sum) {
      return new Unit(input, factors, norm, Optional.of(addend), rectified, sum);
    }

    /** With a ReLU after it, which writes {@code activation}. */
    Unit rectified(String activation) {
      return new Unit(input, factors, norm, shortcut, true, activation);
    }

    @Override
    public List<String> reads() {
      return Stream.concat(Stream.of(input), shortcut.stream()).toList();
    }

    @Override
    public List<String> learned() {
      Stream<String> weights = factors.stream().map(factor -> factor.operation.weight());
      return Stream.concat(weights, norm.weights().stream()).toList();
    }
  }

  /**
   * One convolution of a linear map, with what stands around it.
   *
   * @param operation the convolution, which has the weights of all branches
   * @param branches how many runs of its output channels are added up (equation 21); 1 where none
   *     are
   * @param rectified whether it reads the ReLU of what is before it (footnote 4)
   * @param reads where its input channels stand in what is before it
   * @param writes where its output channels go in what is after it
   */
  record Factor(
      Convolution operation,
      int branches,
      boolean rectified,
      ChannelOrder reads,
      ChannelOrder writes) {
    /** With its output channels added up in so many runs. */
    Factor sum(int runs, ChannelOrder written) {
      return new Factor(operation, runs, rectified, reads, written);
    }

    /** With permutations after it. */
    Factor writing(ChannelOrder written) {
      return new Factor(operation, branches, rectified, reads, written);
    }

    /** The convolution as it is computed: branches are one with the sum of their kernels. */
    public GroupConvolution convolution() {
      return operation.convolution().branch(branches);
    }

    /** The shape that it reads. */
    public ImageShape from() {
      return operation.from();
    }

    /** The shape that it writes. */
    public ImageShape to() {
      return convolution().output(from());
    }
  }

  /** A max pool. */
  record Pool(MaxPool operation) implements Fused {
    /** The shape that it reads. */
    public ImageShape from() {
      return operation.from();
    }

    /** The shape that it writes. */
    public ImageShape to() {
      return operation.output();
    }

    @Override
    public String input() {
      return operation.input();
    }

    @Override
    public String output() {
      return operation.name();
    }
  }

  /**
   * A squeeze and excitation.
   *
   * @param pool the means of the map
   * @param squeeze W, which a ReLU follows
   * @param excite V, which a sigmoid follows
   * @param scale the map times what comes of these
   */
  record Excite(AveragePool pool, Convolution squeeze, Convolution excite, Scale scale)
      implements Fused {
    /** Weights of both linear maps. */
    public int weights() {
      return squeeze.convolution().weights() + excite.convolution().weights();
    }

    /** The shape that it reads and writes. */
    public ImageShape shape() {
      return scale.output();
    }

    @Override
    public String input() {
      return pool.input();
    }

    @Override
    public List<String> learned() {
      return List.of(squeeze.weight(), excite.weight());
    }

    @Override
    public String output() {
      return scale.name();
    }
  }

  /** Global average pool and final layer. */
  record Classifier(AveragePool pool, Linear linear) implements Fused {
    /** The final layer with the shape that it reads. */
    public Head head() {
      return linear.head();
    }

    @Override
    public String input() {
      return pool.input();
    }

    @Override
    public String output() {
      return linear.name();
    }
  }
}
