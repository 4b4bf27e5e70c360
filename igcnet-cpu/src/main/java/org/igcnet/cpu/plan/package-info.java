/**
 * What is computed from a network before any memory is taken: what runs as one, how work is cut,
 * how much room all of it needs.
 */
@NullMarked
package org.igcnet.cpu.plan;

import org.jspecify.annotations.NullMarked;
