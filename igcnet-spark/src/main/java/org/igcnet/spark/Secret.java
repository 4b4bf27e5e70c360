package org.igcnet.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What those who train together know, and nobody else: {@value #BYTES} random bytes, drawn anew
 * whenever they come together. It never crosses a {@linkplain Door connection}; who connects proves
 * that he knows it.
 */
final class Secret implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String ALGORITHM = "HmacSHA256";

  /** Length of the secret, of a challenge and of a proof. */
  static final int BYTES = 32;

  private final byte[] key;

  private Secret(byte[] key) {
    this.key = key;
  }

  /** {@return one that nobody knows yet} */
  static Secret drawn() {
    return new Secret(challenge());
  }

  /** {@return bytes that nobody can have seen before} */
  static byte[] challenge() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /**
   * Proves that the secret is known.
   *
   * @param who the side that proves it, so that no side's proof is good for the other
   * @param rank of who connects
   * @param asked the challenge of the other side
   * @param own the challenge of this side
   */
  byte[] proof(String who, int rank, byte[] asked, byte[] own) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(who.getBytes(StandardCharsets.UTF_8));
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(rank).array());
      mac.update(asked);
      return mac.doFinal(own);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** Compares proofs in a time that tells nothing of where they differ. */
  static boolean same(byte[] proof, byte[] wanted) {
    return MessageDigest.isEqual(proof, wanted);
  }
}
