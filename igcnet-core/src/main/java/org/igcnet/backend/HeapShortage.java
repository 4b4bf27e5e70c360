package org.igcnet.backend;

import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/** What is wanted does not fit into Java's heap. */
public final class HeapShortage extends UserError {
  private static final long serialVersionUID = 1L;

  /** The size of a heap in which it would fit. */
  private final long megabytes;

  private final boolean computing;

  private HeapShortage(String message, long megabytes, boolean computing) {
    super(Kind.MEMORY, message);
    this.megabytes = megabytes;
    this.computing = computing;
  }

  static HeapShortage ofComputing(String message, long megabytes) {
    return new HeapShortage(message, megabytes, true);
  }

  /**
   * {@return a shortage of room for data, which stay in memory whatever a network makes of them}
   *
   * @param message one sentence without a line break
   * @param megabytes the size of a heap in which they would fit
   */
  public static HeapShortage ofData(String message, long megabytes) {
    return new HeapShortage(message, megabytes, false);
  }

  /** {@return whether a smaller network, or fewer images at a time, would need less} */
  public boolean computing() {
    return computing;
  }

  /** {@return the size of a heap, in megabytes, in which it would fit} */
  public long megabytes() {
    return megabytes;
  }
}
