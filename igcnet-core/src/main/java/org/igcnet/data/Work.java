package org.igcnet.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A long piece of work, of which any number of threads tell what they have done. */
final class Work {
  private static final long MEGABYTE = 1_000_000;

  private final String what;
  private final long all;
  private final String unit;
  private final long size;
  private final WorkListener listener;
  private final AtomicLong done = new AtomicLong();

  private Work(String what, long all, String unit, long size, WorkListener listener) {
    this.what = what;
    this.all = all;
    this.unit = unit;
    this.size = size;
    this.listener = listener;
  }

  /**
   * Work on things.
   *
   * @param all how many there are; 0 where nobody knows
   */
  static Work on(String what, long all, String unit, WorkListener listener) {
    return new Work(what, all, unit, 1, listener);
  }

  /** Work on bytes, told in megabytes. */
  static Work onBytes(String what, long all, WorkListener listener) {
    return new Work(what, all, "MB", MEGABYTE, listener);
  }

  /** Some more is done. */
  void add(long more) {
    listener.progress(what, done.addAndGet(more) / size, all / size, unit);
  }

  /** Opens a file, the reading of whose bytes is the work. */
  static InputStream reading(Path file, WorkListener listener) throws IOException {
    Work work = onBytes("reading " + file.getFileName(), Files.size(file), listener);
    return new FilterInputStream(Files.newInputStream(file)) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        work.add(value < 0 ? 0 : 1);
        return value;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = super.read(bytes, from, length);
        work.add(Math.max(0, count));
        return count;
      }
    };
  }
}
