/** Data sets, augmentation, and the batches that the engine eats. */
@NullMarked
package org.igcnet.data;

import org.jspecify.annotations.NullMarked;
