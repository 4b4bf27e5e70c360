/** What engines take and offer, whatever computes them. */
@NullMarked
package org.igcnet.backend;

import org.jspecify.annotations.NullMarked;
