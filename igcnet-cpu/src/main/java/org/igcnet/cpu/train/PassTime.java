package org.igcnet.cpu.train;

/**
 * What one pass over the feature maps has taken in all steps of a network so far.
 *
 * @param name the convolution's, {@code fc}, or what else it computes; not always unique
 * @param forward seconds, in either mode
 * @param backward seconds
 */
public record PassTime(String name, double forward, double backward) {}
