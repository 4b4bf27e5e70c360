package org.igcnet.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.igcnet.Reason;

/**
 * The process's standard output, which tells of what it cannot write. A {@link java.io.PrintWriter}
 * keeps an {@link IOException} to itself, so this stream throws {@link Lost}, which ends the
 * command. It does so once: what is still to be flushed then is lost with the rest.
 */
final class StandardOutput extends OutputStream {
  /** What the system calls a pipe that nobody reads, in the locale that the launcher sets. */
  private static final String BROKEN_PIPE = "Broken pipe";

  private final OutputStream process = new FileOutputStream(FileDescriptor.out);
  private boolean lost;

  /** What was to be written is lost. */
  static final class Lost extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    Lost(IOException cause) {
      super("standard output cannot be written: " + Reason.of(cause), cause);
    }

    /** Whether the reader has gone, as {@code head -1} does once it has its line. */
    boolean readerGone() {
      return StandardOutput.readerGone(this);
    }
  }

  /** Whether what is told of is a pipe that nobody reads. */
  static boolean readerGone(Throwable told) {
    return told.getCause() instanceof IOException
        && String.valueOf(told.getMessage()).endsWith(BROKEN_PIPE);
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    if (lost) {
      return;
    }
    try {
      process.write(bytes, from, length);
    } catch (IOException e) {
      lost = true;
      throw new Lost(e);
    }
  }
}
