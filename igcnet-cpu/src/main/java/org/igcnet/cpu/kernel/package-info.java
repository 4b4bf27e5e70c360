/**
 * SIMD kernels. All use of the vector API is in this package; a lane is an image, so no kernel has
 * an edge inside a vector.
 */
@NullMarked
package org.igcnet.cpu.kernel;

import org.jspecify.annotations.NullMarked;
