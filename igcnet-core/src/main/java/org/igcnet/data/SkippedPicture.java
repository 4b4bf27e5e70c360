package org.igcnet.data;

import org.igcnet.UserError;
import org.jspecify.annotations.Nullable;

/**
 * A picture that is missing or cannot be decoded, which its set does without. What is wrong lies in
 * its file alone. The message is one sentence.
 */
public final class SkippedPicture extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SkippedPicture(String message) {
    super(message);
  }

  SkippedPicture(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What it is to who does not do without it. */
  UserError refusal() {
    return new UserError(String.valueOf(getMessage()), this);
  }
}
