package org.igcnet.cpu.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation;

/** A whole network in double precision, layer after layer. */
public final class ReferenceNetwork {
  private final Architecture architecture;
  private final float normMomentum;
  private final ReferenceWeights weights;
  private final List<Relu> relus = new ArrayList<>();
  private final MaxPool pool = new MaxPool();
  private final List<Node> nodes;

  /** An operation and what computes it. */
  private record Node(Operation operation, Joint joint) {}

  private ReferenceNetwork(Architecture architecture, float normMomentum) {
    this.architecture = architecture;
    this.normMomentum = normMomentum;
    this.weights = new ReferenceWeights(architecture.parameters());
    this.nodes = nodes();
  }

  /**
   * Makes a network with all weights zero.
   *
   * @param architecture the network
   * @param normMomentum what a running average keeps of itself in one step
   */
  public static ReferenceNetwork of(Architecture architecture, float normMomentum) {
    return new ReferenceNetwork(architecture, normMomentum);
  }

  /**
   * All weights and running averages, in the order of {@link Architecture#parameters()}; not a
   * copy, to be set.
   */
  public double[] values() {
    return weights.values();
  }

  /** The gradients of the last backward pass in the same order; 0 for running averages. */
  public double[] gradients() {
    return weights.gradients();
  }

  /**
   * Runs the network.
   *
   * @param images {@code [image][channel · row · column]}
   * @param normImages images that share batch normalisation's statistics
   * @param training whether they do; otherwise the running averages normalise
   * @return the logits, {@code [image][class]}
   */
  public double[][] forward(double[][] images, int normImages, boolean training) {
    double[][][][] x =
        Arrays.stream(images)
            .map(image -> Maps.image(image, architecture.input()))
            .toArray(double[][][][]::new);
    double[][][][] logits = run(x, new Pass(normImages, training));
    double[][] flat = new double[images.length][architecture.classes()];
    for (int n = 0; n < flat.length; n++) {
      for (int k = 0; k < flat[n].length; k++) {
        flat[n][k] = logits[n][k][0][0];
      }
    }
    return flat;
  }

  /** Fills {@link #gradients()} for the last forward pass. */
  public void backward(double[][] logitGradients) {
    Arrays.fill(gradients(), 0);
    double[][][][] gradient =
        Arrays.stream(logitGradients)
            .map(image -> Maps.image(image, new ImageShape(image.length, 1, 1)))
            .toArray(double[][][][]::new);
    Map<String, double[][][][]> gradients = new HashMap<>();
    gradients.put(nodes.getLast().operation().name(), gradient);
    for (Node node : nodes.reversed()) {
      double[][][][] output =
          Objects.requireNonNull(gradients.remove(node.operation().name()), "a gradient");
      Iterator<double[][][][]> inputs = node.joint().backwards(output).iterator();
      node.operation().inputs().forEach(name -> gradients.merge(name, inputs.next(), Maps::sum));
    }
  }

  private double[][][][] run(double[][][][] images, Pass pass) {
    Map<String, double[][][][]> maps = new HashMap<>(Map.of(Graph.IMAGE, images));
    double[][][][] last = images;
    for (Node node : nodes) {
      last = node.joint().forward(node.operation().inputs().stream().map(maps::get).toList(), pass);
      maps.put(node.operation().name(), last);
    }
    return last;
  }

  private List<Node> nodes() {
    return Graph.of(architecture).operations().stream()
        .map(operation -> new Node(operation, joint(operation)))
        .toList();
  }

  private Joint joint(Operation operation) {
    return switch (operation) {
      case Operation.Convolution own ->
          new DirectConvolution(own.convolution(), weights.slice(own.weight()));
      case Operation.Interleave own -> new ChannelPermutation(own.rows(), own.columns());
      case Operation.BranchSum own -> new BranchSum(own.branches());
      case Operation.BatchNorm own -> new BatchNormalisation(own, weights, normMomentum);
      case Operation.Relu _ -> relu();
      case Operation.Sigmoid _ -> new Sigmoid();
      case Operation.Scale _ -> new ChannelScale();
      case Operation.Add _ -> new Joint.Sum();
      case Operation.MaxPool _ -> pool;
      case Operation.AveragePool _ -> new AveragePool();
      case Operation.Linear own ->
          new FinalLayer(own.head(), weights.slice(Head.WEIGHT), weights.slice(Head.BIAS));
    };
  }

  private Relu relu() {
    Relu relu = new Relu();
    relus.add(relu);
    return relu;
  }

  /**
   * How close the last forward pass came to the kink of a ReLU, the least |x| before any, or of the
   * max pool, the least lead of a window's greatest value. Below float rounding, a float network
   * may stand on the other side, and have quite another gradient.
   */
  public double kinkDistance() {
    double least = relus.stream().mapToDouble(Relu::kinkDistance).min().orElseThrow();
    return Math.min(least, pool.kinkDistance());
  }
}
