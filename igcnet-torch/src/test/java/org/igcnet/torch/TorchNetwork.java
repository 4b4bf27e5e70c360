package org.igcnet.torch;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A network on libtorch whose weights and gradients lie open: the oracle of our engine's forward
 * and backward passes. Weights go to the device before each forward pass; running averages and
 * gradients come back from it.
 *
 * <p>One thread at a time may use it. The number of libtorch's threads belongs to the process: each
 * pass sets it anew.
 */
final class TorchNetwork implements AutoCloseable {
  private final Architecture architecture;
  private final Weights weights;
  private final int capacity;
  private final int normImages;
  private final int threads;
  private final Device device;
  private final Mirror values;
  private final float[] gradientValues;
  private final Mirror gradients;
  private final Mirror images;
  private final Mirror logitGradients;
  private final Map<String, Tensor> tensors;
  private final TorchGraph graph;
  private float[] logits = {};

  /** Those of the last forward pass in training, with all that autograd keeps. */
  private @Nullable Tensor trained;

  TorchNetwork(
      Architecture architecture, int capacity, int normImages, int threads, Device device) {
    this.architecture = architecture;
    this.weights = Weights.of(architecture);
    this.capacity = capacity;
    this.normImages = normImages;
    this.threads = threads;
    this.device = device;
    int size = weights.values().length;
    this.gradientValues = new float[size];
    this.values = new Mirror(size, device);
    this.gradients = new Mirror(size, device);
    this.images = new Mirror(Math.multiplyExact(capacity, architecture.input().size()), device);
    this.logitGradients = new Mirror(capacity * architecture.classes(), device);
    this.tensors =
        new Parts(weights, MemoryFormat.CONTIGUOUS).learning(values.tensor(), gradients.tensor());
    this.graph = new TorchGraph(architecture, tensors, Form.PLAIN);
  }

  Weights weights() {
    return weights;
  }

  /** Those of the last backward pass. */
  float[] gradients() {
    return gradientValues;
  }

  float[] forward(ImageBatch batch, float kept) {
    begin(batch);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(true)) {
      Tensor output = graph.learning(upload(batch), NormGroups.of(batch, normImages), kept);
      logits = floats(output);
      values.get(weights.values());
      trained = output;
    }
    return logits;
  }

  float[] logits(ImageBatch batch) {
    begin(batch);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(false);
        Tensor output = graph.logits(upload(batch))) {
      logits = floats(output);
    }
    return logits;
  }

  private void begin(ImageBatch batch) {
    batch.requireFitting(architecture.input(), capacity);
    torch.set_num_threads(threads);
    forget();
    values.put(weights.values(), weights.values().length);
  }

  private Tensor upload(ImageBatch batch) {
    int size = batch.shape().size();
    images.put(batch.pixels(), batch.images() * size);
    return images
        .tensor()
        .narrow(0, 0, (long) batch.images() * size)
        .view(
            batch.images(),
            batch.shape().channels(),
            batch.shape().height(),
            batch.shape().width());
  }

  private static float[] floats(Tensor tensor) {
    float[] floats = new float[Math.toIntExact(tensor.numel())];
    tensor.detach().cpu().contiguous().data_ptr_float().get(floats);
    return floats;
  }

  void backward(float[] gradient) {
    Tensor output = trained;
    if (output == null) {
      throw new IllegalStateException("backward needs a forward pass in training mode before it");
    }
    torch.set_num_threads(threads);
    try (PointerScope _ = new PointerScope()) {
      gradients.tensor().zero_();
      logitGradients.put(gradient, logits.length);
      Tensor of =
          logitGradients.tensor().narrow(0, 0, logits.length).view(-1, architecture.classes());
      output.backward(of, new BoolOptional(), false, new TensorArrayRefOptional());
      gradients.get(gradientValues);
    }
    forget();
  }

  /** Frees what autograd keeps of the last forward pass. */
  private void forget() {
    if (trained != null) {
      trained.close();
      trained = null;
    }
  }

  /** Frees libtorch's memory. */
  @Override
  public void close() {
    forget();
    graph.close();
    tensors.values().forEach(Tensor::close);
    logitGradients.close();
    images.close();
    gradients.close();
    values.close();
    device.close();
  }
}
