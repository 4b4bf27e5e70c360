package org.igcnet.data;

import org.igcnet.UserError;

/**
 * A picture that is missing or cannot be decoded, which its set does without. The message is one
 * sentence.
 */
public final class SkippedPicture extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final UserError refusal;

  SkippedPicture(UserError refusal) {
    super(refusal.getMessage(), refusal);
    this.refusal = refusal;
  }

  /** What it is to who does not do without it. */
  UserError refusal() {
    return refusal;
  }
}
