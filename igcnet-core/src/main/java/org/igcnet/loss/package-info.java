/** What a network learns by. */
@NullMarked
package org.igcnet.loss;

import org.jspecify.annotations.NullMarked;
