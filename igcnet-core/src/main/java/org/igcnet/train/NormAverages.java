package org.igcnet.train;

/**
 * How the averages come about that batch normalisation normalises with once a network is tested.
 */
public enum NormAverages {
  /**
   * Each step moves them, and they keep the same share of themselves in every step: a training of
   * few steps ends with averages that are mostly the values that they began with. All runs of
   * version 1 are trained so.
   */
  MOVED,
  /**
   * Each step moves them, and in step t, from 0, they keep at most (1 + t) / (10 + t) of
   * themselves: they forget at once what they began with, and their window grows with the training.
   */
  WARMED,
  /**
   * They are taken anew from some training images before each test, by the weights as they are
   * then. Weights move so much at a high learning rate that statistics of the steps before are out
   * of date.
   */
  ANEW
}
