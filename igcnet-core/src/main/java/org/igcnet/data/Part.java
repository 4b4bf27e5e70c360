package org.igcnet.data;

/** Which of the images of some data are measured with. */
public enum Part {
  /** Those of a test set that lies apart. */
  APART,
  /** Those of a validation set that lies apart, and so choose a training's best model. */
  VALIDATION,
  /** Those that are held out of the training, and so choose its best model. */
  HELD_OUT,
  /** Those that are learned from, as none are held out. */
  TRAINING,
  /** All that there are, of data that have nothing to do with the training. */
  ALL;

  /** {@return whether they are for validation: they choose the best model} */
  public boolean validates() {
    return this == VALIDATION || this == HELD_OUT;
  }

  /** Whether they lie apart from those to learn from. */
  boolean liesApart() {
    return this == APART || this == VALIDATION;
  }
}
