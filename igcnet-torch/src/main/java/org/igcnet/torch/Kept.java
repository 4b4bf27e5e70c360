package org.igcnet.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** How long libtorch's objects live: to the end of the scope that they are made in, or longer. */
final class Kept {
  private Kept() {}

  /**
   * Makes an object and frees all else that this makes.
   *
   * @return the object, which lives until its {@code close()}
   */
  static <P extends Pointer> P only(Supplier<P> make) {
    try (PointerScope _ = new PointerScope()) {
      P made = make.get();
      made.retainReference();
      return made;
    }
  }
}
