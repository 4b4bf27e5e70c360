/** Pages that need nothing but themselves: templates, and plots as SVG. */
@NullMarked
package org.igcnet.lab.page;

import org.jspecify.annotations.NullMarked;
