/** A trained network as a service: the Open Inference Protocol, pictures, metrics and a page. */
@NullMarked
package org.igcnet.serve;

import org.jspecify.annotations.NullMarked;
