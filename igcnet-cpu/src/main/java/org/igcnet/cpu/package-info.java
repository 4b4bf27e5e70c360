/** Runs an {@link org.igcnet.arch.Architecture} forward and backward on all cores. */
@NullMarked
package org.igcnet.cpu;

import org.jspecify.annotations.NullMarked;
