/**
 * Runs a network with fixed weights. The lanes of a vector are neighbouring positions of one image.
 */
@NullMarked
package org.igcnet.cpu.predict;

import org.jspecify.annotations.NullMarked;
