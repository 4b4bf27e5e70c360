package org.igcnet.cpu;

/** One pass over the feature maps: all tasks in any order, then what needs them all. */
sealed interface Pass permits ConvPass, PoolPass, JoinPass {
  /** What its time is told under: the convolution's name. */
  String name();

  /** Ranges of rows that each block of images is divided into. */
  int parts();

  /** Lays the weights out as the kernels want them; those of backward only in training. */
  void pack(Network.Mode mode);

  /** Computes one task of the output. */
  void forward(Frame frame, int task, float[] scratch);

  /** After all tasks of {@link #forward}. */
  void finishForward(Frame frame);

  /**
   * Computes one task of the gradients.
   *
   * @param continues whether the same thread has just done the task before, of the same block
   */
  void backward(Frame frame, int task, float[] scratch, boolean continues);

  /** After all tasks of {@link #backward}. */
  void finishBackward(Frame frame);
}
