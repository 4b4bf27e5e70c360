package org.igcnet.torch;

import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.igcnet.Reason;
import org.igcnet.UserError;
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

  /** As a session on the processor, with the network written in a given form. */
  public static TorchSession training(Setup setup, int threads, Form form) {
    return new TorchSession(setup, threads, form, device(Compute.CPU));
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
    Form form = device.equals(Compute.CPU) ? Form.WIDE : Form.PLAIN;
    return new TorchSession(setup, threads, form, device(device));
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
      Device device = LibTorch.alone(() -> Kept.only(() -> new Device(name)));
      LibTorch.check();
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
