/** The paper's experiments as data, their runs, and reports of what came out. */
@NullMarked
package org.igcnet.lab;

import org.jspecify.annotations.NullMarked;
