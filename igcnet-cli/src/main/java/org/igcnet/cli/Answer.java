package org.igcnet.cli;

import java.util.List;

/**
 * What {@code igcnet predict} has to say of a picture; an element of what {@code --json} prints.
 */
sealed interface Answer {
  /** The picture's file, as the user named it or its folder. */
  String file();

  /**
   * What it shows.
   *
   * @param resized how it was made to fit the network
   * @param predictions the most probable first
   */
  record Shown(String file, String resized, List<Prediction> predictions) implements Answer {}

  /** A class, and how probable it is, from 0 to 1. */
  record Prediction(String label, double probability) {}

  /** A picture that cannot be read, and why. */
  record Damaged(String file, String error) implements Answer {}
}
