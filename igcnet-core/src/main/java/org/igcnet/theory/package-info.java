/** The paper's equations and tables, computed on {@link org.igcnet.arch}. */
@NullMarked
package org.igcnet.theory;

import org.jspecify.annotations.NullMarked;
