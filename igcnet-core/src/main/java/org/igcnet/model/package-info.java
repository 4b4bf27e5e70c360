/** A trained network as files, and as a classifier of pictures. */
@NullMarked
package org.igcnet.model;

import org.jspecify.annotations.NullMarked;
