package org.igcnet.cpu.kernel;

/**
 * A window on rows of one channel of {@link Maps}, and how their values get into a thread's memory
 * and out of it: batch normalisation, ReLU, their gradients, and the sums that batch normalisation
 * needs are computed on the way. A thread has few windows, and moves them from place to place, so
 * that nothing is allocated for them.
 *
 * <p>All rows that an operation takes are as many and as long as those it is called on. Dead lanes,
 * from {@code living} on, come out as zeros.
 */
public abstract class StoredRows {
  /** Where the first row begins. */
  protected int base;

  /** Words from row to row. */
  protected int step;

  /** How many rows. */
  protected int count;

  /** Floats of a row, as they are in a thread's memory. */
  protected int length;

  /**
   * Moves the window.
   *
   * @param maps what holds the rows
   * @param base where the first one begins
   * @param step words from row to row
   * @param count how many rows
   * @param columns of a row
   * @return this window
   */
  public StoredRows at(Maps maps, int base, int step, int count, int columns) {
    take(maps);
    this.base = base;
    this.step = step;
    this.count = count;
    this.length = columns * Lanes.COUNT;
    return this;
  }

  abstract void take(Maps maps);

  /** Copies these rows. */
  public abstract void copyTo(Rows to);

  /** Adds these rows to others. */
  public abstract void addTo(Rows to);

  /** {@code to = ReLU(x)} of these rows x. */
  public abstract void rectifyTo(Rows to);

  /** {@code to = scale · x + shift} of these rows x. */
  public abstract void normaliseTo(Rows to, float scale, float shift, int living);

  /** {@code to = ReLU(scale · x + shift)} of these rows x. */
  public abstract void normaliseReluTo(Rows to, float scale, float shift, int living);

  /**
   * Batch normalisation's backward: {@code to = a · g + b · raw + c} of these rows g, the gradient
   * after normalisation where the ReLU let it through.
   */
  public abstract void normaliseGradientTo(
      Rows to, StoredRows raw, float a, float b, float c, int living);

  /** Takes what other rows hold. */
  public abstract void store(Rows from);

  /**
   * As {@link #store}, and adds Σ x and Σ x² of what these rows become, a lane at a time, to two
   * vectors that stand side by side.
   *
   * @param sums hold the two vectors, from {@code at} on
   */
  public abstract void storeMoments(Rows from, float[] sums, int at);

  /** Becomes ReLU(scale · raw + shift + shortcut). */
  public abstract void storeJoined(
      StoredRows raw, float scale, float shift, int living, Rows shortcut);

  /**
   * The ReLU's backward: becomes the gradient where the activation is positive, 0 elsewhere.
   *
   * @param activation where the first row of the activation begins in what holds the gradient
   * @param activationStep floats from row to row of it
   */
  public abstract void storeMasked(Rows gradient, int activation, int activationStep);

  /**
   * As {@link #storeMasked}, and adds Σ x and Σ x·raw of what these rows become, a lane at a time,
   * to two vectors that stand side by side.
   *
   * @param sums hold the two vectors, from {@code at} on
   */
  public abstract void storeMaskedProducts(
      Rows gradient, int activation, int activationStep, StoredRows raw, float[] sums, int at);

  /**
   * Adds Σ x and Σ x·y of these rows x and others y, a lane at a time, to two vectors that stand
   * side by side.
   *
   * @param sums hold the two vectors, from {@code at} on
   */
  public abstract void products(StoredRows others, float[] sums, int at);
}
