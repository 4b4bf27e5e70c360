package org.igcnet;

import org.jspecify.annotations.Nullable;

/**
 * Something that the user can mend: a wrong name, a missing file, a value out of range.
 *
 * <p>The message is one sentence that says what is wrong, where, and what would be right. A command
 * line prints it without a stack trace. A program tells them apart by their {@link #kind}:
 *
 * <pre>{@code
 * catch (UserError refused) {
 *   int status = switch (refused.kind()) {
 *     case PICTURE -> 415;
 *     case TOO_LARGE -> 413;
 *     default -> throw refused;
 *   };
 * }
 * }</pre>
 */
public class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What can be wrong. */
  public enum Kind {
    /** A name, a number or a setting that cannot be. */
    VALUE,
    /** A file or a folder that is not there. */
    MISSING,
    /** A file that is there, and that the system does not let be read or written. */
    ACCESS,
    /** A file of a model, a training or a data set that is not what it has to be. */
    DAMAGED,
    /** Data that do not fit the network, or are not those that a training began with. */
    DATA,
    /** What is no picture, or a damaged one, or one of a kind that cannot be read. */
    PICTURE,
    /** A file or a picture that is larger than it may be. */
    TOO_LARGE,
    /** What does not fit into Java's heap. */
    MEMORY
  }

  /**
   * A {@link Kind#VALUE} that cannot be, in one sentence.
   *
   * @param message one sentence without a line break
   */
  public UserError(String message) {
    this(Kind.VALUE, message);
  }

  /**
   * A {@link Kind#VALUE} that cannot be, with the exception that it comes of.
   *
   * @param message one sentence without a line break
   * @param cause what was met; null where nothing was
   */
  public UserError(String message, @Nullable Throwable cause) {
    this(Kind.VALUE, message, cause);
  }

  /**
   * An error in one sentence.
   *
   * @param kind what is wrong
   * @param message one sentence without a line break
   */
  public UserError(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /**
   * An error in one sentence, with the exception that it comes of.
   *
   * @param kind what is wrong
   * @param message one sentence without a line break
   * @param cause what was met; null where nothing was
   */
  public UserError(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** {@return what is wrong, for programs} */
  public Kind kind() {
    return kind;
  }
}
