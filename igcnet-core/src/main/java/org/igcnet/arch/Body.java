package org.igcnet.arch;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.igcnet.UserError;

/** Where a network makes its feature maps smaller and wider. */
public enum Body {
  /** Table 2: three stages of equal length at full, half and quarter size, width doubling. */
  STAGES("stages", 3),
  /** Figure 3: one stage, always at the input's size. */
  FLAT("flat", 1),
  /**
   * Table 6: a 7×7 stem with stride 2 and a max pool, then four stages at 1/4 to 1/32 of the size.
   */
  IMAGENET("imagenet", 4);

  private final String id;
  private final int stages;

  Body(String id, int stages) {
    this.id = id;
    this.stages = stages;
  }

  /** Rows and columns from which on an image is for {@link #IMAGENET}. */
  private static final int LARGE = 128;

  /**
   * {@return the body that fits images of a size: that of ImageNet from 128 rows and columns on, as
   * the others keep maps of the full size, which take memory and time; else {@link #STAGES}}
   *
   * @param input the images' shape
   */
  public static Body fitting(ImageShape input) {
    return Math.min(input.height(), input.width()) < LARGE ? STAGES : IMAGENET;
  }

  /** {@return its name on the command line and in files} */
  public String id() {
    return id;
  }

  /** {@return the number of stages} */
  public int stages() {
    return stages;
  }

  /** The kernel of the first convolution. */
  Kernel stemKernel() {
    return this == IMAGENET ? Kernel.WIDE : Kernel.SPATIAL;
  }

  /** The step of the first convolution. */
  int stemStride() {
    return this == IMAGENET ? 2 : 1;
  }

  /** Whether a max pool follows the stem. */
  boolean pooled() {
    return this == IMAGENET;
  }

  /** {@return the least depth of the paper's networks of this body} */
  public int paperDepth() {
    return this == IMAGENET ? 18 : 8;
  }

  /** {@return the images that the paper's networks of this body are for} */
  public ImageShape paperInput() {
    return this == IMAGENET ? ImageShape.IMAGENET : ImageShape.CIFAR;
  }

  /** Rows and columns that images have at least. */
  int leastSize() {
    return this == IMAGENET ? 32 : 1;
  }

  /** Layers added to a network's depth by one more block in every stage. */
  int depthStep(boolean identity) {
    return identity ? 2 * stages : stages;
  }

  /**
   * Reads a name; upper and lower case are the same.
   *
   * @param id an {@link #id}
   * @return the body of this name
   * @throws UserError where there is no body of this name
   */
  public static Body parse(String id) {
    return Arrays.stream(values())
        .filter(body -> body.id.equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "\"%s\" is no body; there are %s"
                        .formatted(
                            id,
                            Arrays.stream(values())
                                .map(Body::id)
                                .collect(Collectors.joining(", ")))));
  }
}
