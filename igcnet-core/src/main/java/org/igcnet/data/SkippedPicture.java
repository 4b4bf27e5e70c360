package org.igcnet.data;

import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A picture that is missing or cannot be decoded, which its set does without. What is wrong lies in
 * its file alone. The message is one sentence.
 */
public final class SkippedPicture extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  SkippedPicture(String message) {
    this(Kind.PICTURE, message);
  }

  SkippedPicture(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  SkippedPicture(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = Kind.PICTURE;
  }

  /** What it is to who does not do without it. */
  UserError refusal() {
    return new UserError(kind, String.valueOf(getMessage()), this);
  }
}
