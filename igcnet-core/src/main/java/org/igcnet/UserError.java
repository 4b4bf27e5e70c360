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

  /**
   * An error in one sentence.
   *
   * @param message one sentence without a line break
   */
  public UserError(String message) {
    super(message);
  }

  /**
   * An error in one sentence, with the exception that it comes of.
   *
   * @param message one sentence without a line break
   * @param cause what was met, for {@code --stacktrace}; null where nothing was
   */
  public UserError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
