package org.igcnet.model;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in hexadecimal, of bytes that need not all be in memory. */
public final class Sha256 {
  private Sha256() {}

  /** That of some bytes. */
  public static String of(byte[] bytes) {
    try {
      return of(out -> out.write(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("nothing was read or written", e);
    }
  }

  /**
   * That of a file's content, were it written.
   *
   * @throws IOException where the content throws it
   */
  public static String of(WholeFile.Content content) throws IOException {
    MessageDigest digest = digest();
    content.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
