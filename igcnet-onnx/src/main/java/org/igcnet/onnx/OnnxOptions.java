package org.igcnet.onnx;

import java.util.Locale;

/**
 * What an ONNX file is to be like.
 *
 * @param form which convolutions the network is written as
 * @param input what a program hands in
 * @param output what it gets back
 */
public record OnnxOptions(Form form, Input input, Output output) {
  /** The fast form, from normalised floats to logits. */
  public static final OnnxOptions FAST = new OnnxOptions(Form.FAST, Input.FLOAT, Output.LOGITS);

  /** The paper's form, from normalised floats to logits. */
  public static final OnnxOptions PAPER = new OnnxOptions(Form.PAPER, Input.FLOAT, Output.LOGITS);

  /** Which convolutions a network is written as. All forms compute the same. */
  public enum Form {
    /** Each operation of the paper is a node, each tensor has the model's name and bits. */
    PAPER,
    /** Each unit is as few convolutions as runtimes compute fast, batch normalisation included. */
    FAST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a program hands in. */
  public enum Input {
    /** Floats that it has normalised: (byte − mean) / std. */
    FLOAT,
    /** Unsigned bytes, which the graph normalises. */
    BYTES;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a program gets back. */
  public enum Output {
    /** The final layer's outputs. */
    LOGITS,
    /** Their softmax: from 0 to 1, those of an image sum to 1. */
    PROBABILITIES;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * {@return the same with another input}
   *
   * @param wanted what a program hands in
   */
  public OnnxOptions with(Input wanted) {
    return new OnnxOptions(form, wanted, output);
  }

  /**
   * {@return the same with another output}
   *
   * @param wanted what a program gets back
   */
  public OnnxOptions with(Output wanted) {
    return new OnnxOptions(form, input, wanted);
  }
}
