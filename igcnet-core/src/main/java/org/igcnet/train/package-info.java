/** The paper's training: loss, Nesterov SGD, schedule, checkpoints, metrics. */
@NullMarked
package org.igcnet.train;

import org.jspecify.annotations.NullMarked;
