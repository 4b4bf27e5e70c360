package org.igcnet.cpu.predict;

import java.util.List;
import org.igcnet.arch.Architecture;

/**
 * What is done with an image, and where its feature maps lie. It never changes.
 *
 * @param architecture the network
 * @param input where an image is put
 * @param steps with their weights as kernels want them
 * @param head the last step
 * @param floats of a thread's memory
 */
record PlannedSteps(
    Architecture architecture,
    FeatureMap input,
    List<InferenceStep> steps,
    ClassifyStep head,
    int floats) {
  PlannedSteps {
    steps = List.copyOf(steps);
  }
}
