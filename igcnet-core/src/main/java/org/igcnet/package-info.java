/** IGCNet: interleaved group convolutional networks. What every package shares. */
@NullMarked
package org.igcnet;

import org.jspecify.annotations.NullMarked;
