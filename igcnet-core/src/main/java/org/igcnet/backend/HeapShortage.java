package org.igcnet.backend;

import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/** What is wanted does not fit into Java's heap. */
public final class HeapShortage extends UserError {
  private static final long serialVersionUID = 1L;

  /** The size of a heap in which it would fit. */
  private final long megabytes;

  HeapShortage(String message, long megabytes) {
    super(Kind.MEMORY, message);
    this.megabytes = megabytes;
  }

  /** {@return the size of a heap, in megabytes, in which it would fit} */
  public long megabytes() {
    return megabytes;
  }
}
