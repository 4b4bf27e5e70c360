/** Trained networks, as resources. */
@NullMarked
package org.igcnet.models;

import org.jspecify.annotations.NullMarked;
