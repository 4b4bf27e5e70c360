package org.igcnet.torch;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A one-dimensional tensor on a device, with the way there and back for a Java array. */
final class Mirror implements AutoCloseable {
  private final FloatPointer memory;
  private final Tensor host;
  private final Tensor tensor;

  /** Of {@code size} floats, all zero. */
  Mirror(int size, Device device) {
    this.memory = Kept.only(() -> new FloatPointer((long) size));
    this.host = Kept.only(() -> torch.from_blob(memory, new long[] {size}, new TensorOptions()));
    host.zero_();
    // On the processor this is the same tensor again.
    this.tensor = Kept.only(() -> host.to(device, ScalarType.Float));
  }

  /** On the device. */
  Tensor tensor() {
    return tensor;
  }

  /** Copies the first {@code count} floats of an array to the device. */
  void put(float[] from, int count) {
    memory.put(from, 0, count);
    tensor.copy_(host);
  }

  /** Copies all floats from the device into an array. */
  void get(float[] to) {
    host.copy_(tensor);
    memory.get(to, 0, Math.toIntExact(memory.capacity()));
  }

  @Override
  public void close() {
    tensor.close();
    host.close();
    memory.close();
  }
}
