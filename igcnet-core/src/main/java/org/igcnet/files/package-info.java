/** Files: whole or not at all, locks, JSON with versions, safetensors. */
@NullMarked
package org.igcnet.files;

import org.jspecify.annotations.NullMarked;
