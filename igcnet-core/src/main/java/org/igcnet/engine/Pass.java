package org.igcnet.engine;

/** One pass over the feature maps: all tasks in any order, then what needs them all. */
sealed interface Pass permits ConvPass, PoolPass, JoinPass {
  /** Lays the weights out as the kernels want them. */
  void pack();

  /** Computes one task of the output. */
  void forward(Frame frame, int task, float[] scratch);

  /** After all tasks of {@link #forward}. */
  void finishForward(Frame frame);

  /** Computes one task of the gradients. */
  void backward(Frame frame, int task, float[] scratch);

  /** After all tasks of {@link #backward}. */
  void finishBackward(Frame frame);

  /** Floats of scratch memory that a thread needs. */
  int scratch();
}
