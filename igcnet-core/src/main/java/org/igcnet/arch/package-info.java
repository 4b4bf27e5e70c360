/**
 * Networks as immutable data: the families of Table 2, their blocks, shapes, parameters and names.
 * Knows nothing of execution.
 */
@NullMarked
package org.igcnet.arch;

import org.jspecify.annotations.NullMarked;
