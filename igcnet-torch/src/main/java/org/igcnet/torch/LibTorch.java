package org.igcnet.torch;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
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
  private static final int IMAGES = 4;
  private static final int CHANNELS = 20;
  private static final int VALUES = CHANNELS * 9;

  private LibTorch() {}

  /**
   * Makes the first object of a kind that may load the libraries, while no other process does.
   *
   * @throws UserError where the folder cannot be written
   */
  static synchronized <P> P alone(Supplier<P> make) {
    try (FileChannel channel = FileChannel.open(lock(), CREATE, WRITE);
        FileLock _ = channel.lock()) {
      return make.get();
    } catch (IOException e) {
      throw new UserError("libtorch cannot be unpacked: " + Reason.of(e), e);
    }
  }

  private static Path lock() throws IOException {
    return Loader.getCacheDir().toPath().resolve(LOCK);
  }

  /**
   * Leaves oneDNN out where it computes wrong numbers: libtorch 2.10's does for 20 channels on an
   * AMD EPYC with AVX-512 (family 26) whose virtual machine hides its caches.
   */
  static void check() {
    if (torch.globalContext().userEnabledMkldnn() && !convolves()) {
      torch.globalContext().setUserEnabledMkldnn(false);
      System.getLogger("org.igcnet")
          .log(
              WARNING,
              "libtorch computes wrong convolutions with oneDNN on this machine; it goes on without oneDNN, which is slower");
    }
  }

  /** Whether the middle of a 3×3 map is the product of image and weights that it should be. */
  private static boolean convolves() {
    float[] images = numbers(7);
    float[] weights = numbers(5);
    float[] computed = new float[IMAGES * IMAGES];
    try (PointerScope _ = new PointerScope()) {
      Tensor maps =
          torch.conv2d(
              Tensor.create(images, IMAGES, CHANNELS, 3, 3),
              Tensor.create(weights, IMAGES, CHANNELS, 3, 3),
              new TensorOptional(),
              new long[] {1, 1},
              new long[] {1, 1},
              new long[] {1, 1},
              1);
      Tensor middles = maps.narrow(2, 1, 1).narrow(3, 1, 1).contiguous();
      new FloatPointer(middles.data_ptr_float()).get(computed);
    }
    for (int i = 0; i < computed.length; i++) {
      float wanted = 0;
      for (int value = 0; value < VALUES; value++) {
        wanted += images[i / IMAGES * VALUES + value] * weights[i % IMAGES * VALUES + value];
      }
      if (computed[i] != wanted) {
        return false;
      }
    }
    return true;
  }

  /** Small whole numbers, whose sums of products are exact. */
  private static float[] numbers(int different) {
    float[] numbers = new float[IMAGES * VALUES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % different;
    }
    return numbers;
  }
}
