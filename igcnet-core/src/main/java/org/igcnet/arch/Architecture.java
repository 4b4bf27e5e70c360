package org.igcnet.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.igcnet.UserError;

/**
 * A whole network as data: the one description that engine, theory, files and peers read.
 *
 * <p>A stem (a convolution to the family's width, batch norm, ReLU, and on the ImageNet body a max
 * pool), stages of blocks, global average pool and a final layer, as in Table 2. Depth D counts the
 * stem, each block's convolution (an IGC block is one) and the final layer: D = 3B + 2, or 6n + 2
 * with identity mappings; B + 2 and 2n + 2 for the flat body, 4B + 2 and 8n + 2 for ImageNet's.
 *
 * @param network family and identity mappings
 * @param body where it changes size
 * @param depth D
 * @param classes number of classes, 1 to 16,384
 * @param input the images' shape
 */
public record Architecture(
    NetworkName network, Body body, int depth, int classes, ImageShape input) {
  private static final int STEM_AND_HEAD = 2;
  private static final int DEEPEST = 10_000;

  /**
   * Looks whether there is such a network.
   *
   * @throws UserError where a number is out of its range, or the body takes no such depth, width or
   *     image; it names the nearest that is possible
   */
  public Architecture {
    Limits.positive("the number of classes", classes, Limits.CLASSES);
    int step = body.depthStep(network.identity());
    if (depth < STEM_AND_HEAD + step || depth > DEEPEST || (depth - STEM_AND_HEAD) % step != 0) {
      throw new UserError(
          "%s has no depth %d: with the body \"%s\" its depth is %sn+2, the nearest possible is %s"
              .formatted(
                  network, depth, body.id(), step == 1 ? "" : step, nearestDepths(depth, step)));
    }
    requireWidth(network, body);
    if (Math.min(input.height(), input.width()) < body.leastSize()) {
      throw new UserError(
          "the body \"%s\" takes images of %d×%d or larger, not of %d×%d"
              .formatted(
                  body.id(), body.leastSize(), body.leastSize(), input.height(), input.width()));
    }
  }

  private static void requireWidth(NetworkName network, Body body) {
    int widest = Limits.LAST_WIDTH >> (body.stages() - 1);
    if (network.family().width() > widest) {
      throw new UserError(
          "%s has %d channels in its first stage; with the body \"%s\" the widest possible has %d"
              .formatted(network, network.family().width(), body.id(), widest));
    }
  }

  /**
   * For 32×32 colour images, with the body of Table 2.
   *
   * @param name as {@link NetworkName#parse} reads it
   * @param depth D
   * @param classes number of classes
   * @return the network
   */
  public static Architecture cifar(String name, int depth, int classes) {
    return new Architecture(NetworkName.parse(name), Body.STAGES, depth, classes, ImageShape.CIFAR);
  }

  /**
   * {@return a network for images of a shape, with the body and the depth that the paper gives such
   * images where none are given}
   *
   * @param network family and identity mappings
   * @param body where it changes size
   * @param depth D
   * @param classes number of classes
   * @param input the images' shape
   * @throws UserError where there is no such network
   */
  public static Architecture fitting(
      NetworkName network, Optional<Body> body, OptionalInt depth, int classes, ImageShape input) {
    Body of = body.orElseGet(() -> Body.fitting(input));
    return new Architecture(network, of, depth.orElse(of.paperDepth()), classes, input);
  }

  /**
   * {@return the same network for other images}
   *
   * @param otherClasses number of their classes
   * @param otherInput their shape
   * @throws UserError where there is no such network
   */
  public Architecture with(int otherClasses, ImageShape otherInput) {
    return new Architecture(network, body, depth, otherClasses, otherInput);
  }

  private static String nearestDepths(int depth, int step) {
    int least = STEM_AND_HEAD + step;
    int most = STEM_AND_HEAD + (DEEPEST - STEM_AND_HEAD) / step * step;
    if (depth < least) {
      return String.valueOf(least);
    }
    if (depth > most) {
      return String.valueOf(most);
    }
    int below = depth - (depth - STEM_AND_HEAD) % step;
    return below + " or " + (below + step);
  }

  /** {@return how many numbers all {@link #parameters} are, running averages included} */
  public long tensorValues() {
    return parameters().stream().mapToLong(Parameter::size).sum();
  }

  /** {@return the blocks in each stage: B, or n with identity mappings} */
  public int blocksPerStage() {
    return (depth - STEM_AND_HEAD) / body.depthStep(network.identity());
  }

  /** What the network's name stands for on this body. */
  private Family family() {
    return network.family().on(body);
  }

  /** {@return the first convolution, 3×3 or 7×7 to the family's width} */
  public ConvUnit stem() {
    return new ConvUnit(
        "stem",
        new GroupConvolution(
            input.channels(), family().stemWidth(), 1, body.stemKernel(), body.stemStride()),
        input);
  }

  /** {@return the max pool behind the stem, where the body has one} */
  public Optional<StemPool> pool() {
    return body.pooled() ? Optional.of(new StemPool(stem().output())) : Optional.empty();
  }

  /** {@return all blocks of all stages, in order} */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    ImageShape shape = pool().map(StemPool::output).orElse(stem().output());
    for (int stage = 0; stage < body.stages(); stage++) {
      for (int index = 0; index < blocksPerStage(); index++) {
        boolean shrinks = stage > 0 && index == 0;
        String name = "stage%d.%d".formatted(stage + 1, index);
        Block block = block(name, stage, shrinks ? 2 : 1, shape);
        blocks.add(family().excited() ? excited(name, block) : block);
        shape = block.output();
      }
    }
    return List.copyOf(blocks);
  }

  /**
   * {@return every tensor of the stem and of the first stages, in order, running averages included}
   *
   * @param stages how many stages, 0 for the stem alone
   * @throws UserError where the body has fewer
   */
  public List<Parameter> parametersUpTo(int stages) {
    if (stages < 0 || stages > body.stages()) {
      throw new UserError(
          "the body \"%s\" has no stage %d; %d is the last"
              .formatted(body.id(), stages, body.stages()));
    }
    List<Parameter> parameters = new ArrayList<>(stem().parameters());
    blocks()
        .subList(0, stages * blocksPerStage())
        .forEach(block -> parameters.addAll(block.parameters()));
    return List.copyOf(parameters);
  }

  private static Block excited(String name, Block block) {
    return new Block.Excited(block, new Excitation(name + ".se", block.output()));
  }

  private Block block(String name, int stage, int stride, ImageShape shape) {
    Family family = family();
    LinearMap map = family.map(shape.channels(), stage, stride);
    if (!network.identity()) {
      return new Block.Plain(new ConvUnit(name, map, shape));
    }
    ConvUnit first = new ConvUnit(name + ".first", map, shape);
    ConvUnit second =
        new ConvUnit(name + ".second", family.map(map.outputChannels(), stage, 1), first.output());
    return new Block.Residual(
        first, second, projection(name, stage, shape, first.output(), stride));
  }

  private Optional<ConvUnit> projection(
      String name, int stage, ImageShape from, ImageShape to, int stride) {
    if (from.equals(to)) {
      return Optional.empty();
    }
    GroupConvolution map =
        new GroupConvolution(
            from.channels(),
            to.channels(),
            family().shortcutPartitions(stage),
            Kernel.POINT,
            stride);
    return Optional.of(new ConvUnit(name + ".shortcut", map, from));
  }

  /** {@return the average pool and the final layer} */
  public Head head() {
    return new Head(blocks().getLast().output(), classes);
  }

  /** {@return the stem and every block's units, in the order in which they run} */
  public List<ConvUnit> units() {
    return Stream.concat(Stream.of(stem()), blocks().stream().flatMap(b -> b.units().stream()))
        .toList();
  }

  /**
   * {@return every tensor of the network, in order, running averages included} Names are unique.
   */
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>(stem().parameters());
    blocks().forEach(block -> parameters.addAll(block.parameters()));
    parameters.addAll(head().parameters());
    return List.copyOf(parameters);
  }

  @Override
  public String toString() {
    return "%s, depth %d, %d classes".formatted(network, depth, classes);
  }
}
