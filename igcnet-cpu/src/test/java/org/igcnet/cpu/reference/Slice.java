package org.igcnet.cpu.reference;

/**
 * One tensor within a network's flat arrays.
 *
 * @param network whose arrays they are
 * @param offset where the tensor begins in them
 */
record Slice(ReferenceWeights network, int offset) {
  double get(int index) {
    return network.values()[offset + index];
  }

  void set(int index, double value) {
    network.values()[offset + index] = value;
  }

  void addGradient(int index, double gradient) {
    network.gradients()[offset + index] += gradient;
  }
}
