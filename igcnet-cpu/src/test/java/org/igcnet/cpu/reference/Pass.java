package org.igcnet.cpu.reference;

/**
 * How batch normalisation runs in one forward pass.
 *
 * @param normImages images that share statistics; the last group may have fewer
 * @param training whether it normalises with the batch's own statistics and moves the averages
 */
record Pass(int normImages, boolean training) {}
