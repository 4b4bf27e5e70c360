package org.igcnet;

import org.jspecify.annotations.Nullable;

/**
 * Something that the user can mend: a wrong name, a missing file, a value out of range.
 *
 * <p>The message is one sentence that says what is wrong, where, and what would be right. A command
 * line prints it without a stack trace.
 */
public class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error in one sentence. */
  public UserError(String message) {
    super(message);
  }

  /** An error in one sentence, with the exception that it comes of. */
  public UserError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
