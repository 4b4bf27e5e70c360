package org.igcnet.torch;

import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Setup;

/** libtorch, on the processor or on an NVIDIA GPU. */
public final class TorchBackend implements Backend {
  private static final String NAME = "torch";
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda(:\\d{1,2})?");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void requireDevice(String device) {
    device(device).close();
  }

  /** As a session on the processor, with images and activations in a given order in memory. */
  public static TorchSession training(Setup setup, int threads, MemoryFormat format) {
    return new TorchSession(setup, threads, format, device(Compute.CPU));
  }

  /**
   * Makes a network that learns, with all weights zero.
   *
   * @throws UserError where others learn from the same batches: no sums leave the device
   */
  @Override
  public TorchSession training(Setup setup, int threads, String device) {
    if (setup.exchange().trainers() > 1) {
      throw new UserError(
          "the engine %s trains alone, not with %d trainers that share every batch"
              .formatted(NAME, setup.exchange().trainers()));
    }
    MemoryFormat format =
        device.equals(Compute.CPU) ? faster(setup.architecture()) : MemoryFormat.CONTIGUOUS;
    return new TorchSession(setup, threads, format, device(device));
  }

  /**
   * How maps lie in memory for libtorch to be fast on a processor: channels last, unless there are
   * partitions, which its kernels for that format are slow with.
   */
  private static MemoryFormat faster(Architecture architecture) {
    boolean partitions =
        Graph.of(architecture).operations().stream()
            .anyMatch(own -> own instanceof Convolution one && one.convolution().groups() > 1);
    return partitions ? MemoryFormat.CONTIGUOUS : MemoryFormat.CHANNELS_LAST;
  }

  /**
   * A device by libtorch's name.
   *
   * @return to be closed by the caller
   * @throws UserError where there is none, or libtorch itself cannot be loaded
   */
  static Device device(String name) {
    if (!DEVICE.matcher(name).matches()) {
      throw new UserError(
          "the engine %s has no device \"%s\", only cpu, cuda and cuda:N for the GPU of number N"
              .formatted(NAME, name));
    }
    try {
      Device device = Kept.only(() -> new Device(name));
      int gpus = torch.cuda_device_count();
      if (device.is_cuda() && Math.max(0, device.index()) >= gpus) {
        device.close();
        throw new UserError(
            "libtorch sees %d GPUs, so there is no device \"%s\"; it needs an NVIDIA driver, CUDA and its own GPU build, as docs/torch.md says"
                .formatted(gpus, name));
      }
      return device;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError missing) {
      throw new UserError(
          "libtorch for this machine cannot be loaded (%s); docs/torch.md says how to build the module igcnet-torch for it"
              .formatted(Reason.of(missing)),
          missing);
    }
  }
}
