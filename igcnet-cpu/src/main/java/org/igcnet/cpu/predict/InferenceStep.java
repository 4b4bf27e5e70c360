package org.igcnet.cpu.predict;

/** One step of an {@link InferencePlan}, on one image. */
interface InferenceStep {
  /** The pieces that different threads can do, with the same bits wherever a cut lies. */
  int pieces();

  /** How much there is to do, about as many multiply-adds. */
  long work();

  /**
   * Does pieces {@code from} to {@code to} − 1.
   *
   * @param maps the image's feature maps, borders zero
   * @param scratch memory of the thread, which may be the same array: it has a place of its own
   */
  void run(float[] maps, float[] scratch, int from, int to);
}
