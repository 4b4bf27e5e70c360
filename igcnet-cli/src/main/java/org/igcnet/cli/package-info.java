/** The command line, {@code igcnet}. */
@NullMarked
package org.igcnet.cli;

import org.jspecify.annotations.NullMarked;
