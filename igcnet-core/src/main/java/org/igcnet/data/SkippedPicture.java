package org.igcnet.data;

import org.igcnet.UserError;

/** A picture that cannot be decoded, which its set does without. The message is one sentence. */
public final class SkippedPicture extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SkippedPicture(UserError damage) {
    super(damage.getMessage(), damage);
  }
}
