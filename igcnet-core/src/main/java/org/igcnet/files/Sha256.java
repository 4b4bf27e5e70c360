package org.igcnet.files;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in hexadecimal, of bytes that need not all be in memory. */
public final class Sha256 {
  private final MessageDigest digest;

  /** Begins with no bytes. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Sha256(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * {@return that of some bytes}
   *
   * @param bytes all of them
   */
  public static String of(byte[] bytes) {
    Sha256 sum = new Sha256();
    sum.add(bytes);
    return sum.soFar();
  }

  /**
   * {@return that of a file's content, were it written}
   *
   * @param content what would write it
   * @throws IOException where the content throws it
   */
  public static String of(WholeFile.Content content) throws IOException {
    Sha256 sum = new Sha256();
    content.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), sum.digest));
    return sum.soFar();
  }

  /**
   * Takes more bytes.
   *
   * @param bytes those behind all before
   */
  public void add(byte[] bytes) {
    digest.update(bytes);
  }

  /** Takes the first {@code many} of some bytes. */
  void add(byte[] bytes, int many) {
    digest.update(bytes, 0, many);
  }

  /** Has taken the same bytes, and takes others from now on. */
  Sha256 copy() {
    try {
      return new Sha256((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own SHA-256 can be copied", e);
    }
  }

  /** {@return that of all bytes until now; more may follow} */
  public String soFar() {
    return HexFormat.of().formatHex(copy().digest.digest());
  }
}
