package org.igcnet.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/**
 * A tar file that is gone through from its beginning, once for its headers and once more for its
 * labels: how far either has come is the work.
 */
final class WatchedTar implements SeekableByteChannel {
  /** How often a tar file is gone through. */
  static final int PASSES = 2;

  private final FileChannel file;
  private final Work work;
  private long reached;

  private WatchedTar(FileChannel file, Work work) {
    this.file = file;
    this.work = work;
  }

  /**
   * Opens a file.
   *
   * @param work told of each byte twice
   */
  static WatchedTar open(Path file, Work work) throws IOException {
    return new WatchedTar(FileChannel.open(file), work);
  }

  /** The headers are read: the labels come next, from the beginning. */
  void secondPass() throws IOException {
    reach(size());
    reached = 0;
  }

  /** All labels are read. */
  void end() throws IOException {
    reach(size());
  }

  private void reach(long position) {
    if (position > reached) {
      work.add(position - reached);
      reached = position;
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return file.read(to);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    file.position(position);
    reach(Math.min(position, size()));
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return file.write(from);
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
