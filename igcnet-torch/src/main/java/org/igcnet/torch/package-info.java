/**
 * The same networks on libtorch, PyTorch's library: a check of the engine, a peer to measure it
 * against, and a way to a GPU. Nothing else depends on it.
 */
@NullMarked
package org.igcnet.torch;

import org.jspecify.annotations.NullMarked;
