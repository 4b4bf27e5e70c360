package org.igcnet.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.igcnet.Reason;
import org.igcnet.UserError;

/**
 * libtorch's native libraries, which JavaCPP unpacks into a folder of the user's at first use. A
 * process that unpacks a library overwrites it, and one that has just loaded it then ends with a
 * SIGBUS. So only one process at a time unpacks and loads.
 */
final class LibTorch {
  private static final String LOCK = ".igcnet.lock";

  private LibTorch() {}

  /**
   * Loads the libraries, if this process has not done so before.
   *
   * @throws UserError where the folder cannot be written
   */
  static synchronized void load() {
    try (FileChannel channel =
            FileChannel.open(lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      Loader.load(torch.class);
    } catch (IOException e) {
      throw new UserError("libtorch cannot be unpacked: " + Reason.of(e), e);
    }
  }

  private static Path lock() throws IOException {
    return Loader.getCacheDir().toPath().resolve(LOCK);
  }
}
