/**
 * Runs a network forward and backward and changes its weights. The lanes of a vector are images.
 */
@NullMarked
package org.igcnet.cpu.train;

import org.jspecify.annotations.NullMarked;
