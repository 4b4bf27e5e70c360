package org.igcnet.engine.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
import org.igcnet.arch.LinearMap.Step;

/** A whole network in double precision, layer after layer. */
public final class ReferenceNetwork {
  private final Architecture architecture;
  private final float normMomentum;
  private final ReferenceWeights weights;
  private final List<Relu> relus = new ArrayList<>();
  private final MaxPool pool = new MaxPool();
  private final Layer layers;

  private ReferenceNetwork(Architecture architecture, float normMomentum) {
    this.architecture = architecture;
    this.normMomentum = normMomentum;
    this.weights = new ReferenceWeights(architecture.parameters());
    this.layers = network();
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
    double[][][][] logits = layers.forward(x, new Pass(normImages, training));
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
    layers.backward(gradient);
  }

  private Layer network() {
    List<Layer> all = new ArrayList<>();
    all.add(unit(architecture.stem()));
    all.add(relu());
    architecture.pool().ifPresent(_ -> all.add(pool));
    for (Block block : architecture.blocks()) {
      all.add(block(block));
      all.add(relu());
    }
    all.add(new AveragePool());
    all.add(
        new FinalLayer(architecture.head(), weights.slice(Head.WEIGHT), weights.slice(Head.BIAS)));
    return new Layer.Chain(all);
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

  /** A block without its last ReLU. */
  private Layer block(Block block) {
    return switch (block) {
      case Block.Plain plain -> unit(plain.unit());
      case Block.Residual residual ->
          new ResidualJoin(
              new Layer.Chain(List.of(unit(residual.first()), relu(), unit(residual.second()))),
              residual.projection().map(this::unit).orElse(new Layer.Chain(List.of())));
    };
  }

  private Layer unit(ConvUnit unit) {
    List<Layer> all = new ArrayList<>();
    for (Step step : unit.map().steps()) {
      all.add(
          switch (step) {
            case Factor factor -> convolution(unit, factor);
            case Interleave(int rows, int columns) -> new ChannelPermutation(rows, columns);
            case Rectify() -> relu();
            case LinearMap.BranchSum(int branches) -> new BranchSum(branches);
          });
    }
    all.add(new BatchNormalisation(unit, weights, normMomentum));
    return new Layer.Chain(all);
  }

  private Layer convolution(ConvUnit unit, Factor factor) {
    return new DirectConvolution(factor.convolution(), weights.slice(unit.weightName(factor)));
  }
}
