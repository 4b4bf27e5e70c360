package org.igcnet.backend;

import org.igcnet.arch.Architecture;

/**
 * What a {@link TrainingSession} is made for.
 *
 * @param architecture the network
 * @param batchSize most images of a step
 * @param normImages images that share batch normalisation's statistics
 * @param optimiser how weights follow their gradients
 */
public record Setup(
    Architecture architecture, int batchSize, int normImages, Optimiser optimiser) {}
