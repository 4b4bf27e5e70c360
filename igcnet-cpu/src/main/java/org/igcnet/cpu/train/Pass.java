package org.igcnet.cpu.train;

import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;

/** One pass over the feature maps: all tasks in any order, then what needs them all. */
interface Pass {
  /** What its time is told under: the convolution's name. */
  String name();

  /** Ranges of rows that each block of images is divided into. */
  int parts();

  /** Lays the weights out as the kernels want them; those of backward only in training. */
  void pack(Mode mode);

  /** Computes one task of the output. */
  void forward(Desk desk);

  /** After all tasks of {@link #forward}. */
  void finishForward(Frame frame);

  /** Computes one task of the gradients. */
  void backward(Desk desk);

  /** After all tasks of {@link #backward}. */
  void finishBackward(Frame frame);
}
