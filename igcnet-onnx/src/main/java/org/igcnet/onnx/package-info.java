/** Export of trained networks to ONNX, the format that other runtimes read. */
@NullMarked
package org.igcnet.onnx;

import org.jspecify.annotations.NullMarked;
