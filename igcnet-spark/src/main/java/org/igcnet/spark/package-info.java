/** Networks on many machines, by Spark. */
@NullMarked
package org.igcnet.spark;

import org.jspecify.annotations.NullMarked;
