/**
 * The slow truth that the engine is tested against: double precision, one class a layer, written
 * straight from the equations. Feature maps are {@code [image][channel][row][column]}.
 */
@NullMarked
package org.igcnet.cpu.reference;

import org.jspecify.annotations.NullMarked;
