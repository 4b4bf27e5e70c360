package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;

/**
 * A network whose speed is measured.
 *
 * @param name in the paper's way
 * @param depth D
 * @param pixels rows and columns of its colour images
 */
record Net(String name, Body body, int depth, int classes, int pixels) {
  private static final int COLOURS = 3;

  /** One of Table 3: 32×32 images of ten classes. */
  static Net cifar(String name, int depth) {
    return new Net(name, Body.STAGES, depth, 10, 32);
  }

  /** That of an architecture. */
  static Net of(Architecture architecture) {
    return new Net(
        architecture.network().toString(),
        architecture.body(),
        architecture.depth(),
        architecture.classes(),
        architecture.input().height());
  }

  Architecture architecture() {
    return new Architecture(
        NetworkName.parse(name), body, depth, classes, new ImageShape(COLOURS, pixels, pixels));
  }

  @Override
  public String toString() {
    return body == Body.STAGES
        ? "%s D=%d".formatted(name, depth)
        : "%s %s D=%d".formatted(name, body.id(), depth);
  }
}
