/**
 * The same networks by plain loops, for a JVM without vectors: slower than the engine, and short.
 *
 * <p>Feature maps of a group of images that share norms are stored {@code
 * [channel][image][row][column]}, so that a channel is one long run of numbers, with zeros between
 * its rows and images. What is one operation in the graph is one {@link Layer} here, or two.
 */
@NullMarked
package org.igcnet.cpu.plain;

import org.jspecify.annotations.NullMarked;
