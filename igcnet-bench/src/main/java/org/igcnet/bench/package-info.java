/**
 * How fast the engine is: side by side with what people would otherwise run, and kernel by kernel
 * with JMH.
 */
@NullMarked
package org.igcnet.bench;

import org.jspecify.annotations.NullMarked;
