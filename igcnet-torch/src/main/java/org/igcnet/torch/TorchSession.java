package org.igcnet.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.backend.Weights;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;

/**
 * A network that learns on libtorch: weights, gradients, velocities, loss and optimiser stay on its
 * device. Images go there, logits come back.
 *
 * <p>All tensors of a kind are one, of which each tensor of the network is a part, so that the
 * optimiser is four operations for the whole network.
 *
 * <p>One thread at a time may use it; the number of libtorch's threads belongs to the process, and
 * each call sets it anew.
 */
public final class TorchSession implements TrainingSession {
  /** The order of an activation's values in memory; which is faster depends on the network. */
  public enum MemoryFormat {
    /** {@code [image][channel][row][column]}. */
    CONTIGUOUS(torch.MemoryFormat.Contiguous),
    /** {@code [image][row][column][channel]}. */
    CHANNELS_LAST(torch.MemoryFormat.ChannelsLast);

    private final torch.MemoryFormat format;

    MemoryFormat(torch.MemoryFormat format) {
      this.format = format;
    }
  }

  private final Setup setup;
  private final int threads;
  private final MemoryFormat format;
  private final Device device;
  private final State state;
  private final Mirror values;
  private final Mirror velocities;
  private final Mirror images;
  private final Tensor gradients;

  /** The weight decay of each value. */
  private final Tensor decay;

  private final Map<String, Tensor> tensors;
  private final TorchGraph graph;

  /**
   * Makes a network with all weights zero.
   *
   * @param threads threads that compute
   * @param format how images and activations lie in memory
   * @param device is closed with the session
   */
  TorchSession(Setup setup, int threads, MemoryFormat format, Device device) {
    this.setup = setup;
    this.threads = threads;
    this.format = format;
    this.device = device;
    this.state = State.of(setup.architecture());
    int size = state.velocity().length;
    this.values = new Mirror(size, device);
    this.velocities = new Mirror(size, device);
    this.images =
        new Mirror(
            Math.multiplyExact(setup.batchSize(), setup.architecture().input().size()), device);
    this.gradients = Kept.only(() -> torch.zeros_like(values.tensor()));
    this.decay = Kept.only(() -> torch.tensor(decay()).to(device, ScalarType.Float));
    this.tensors = tensors();
    this.graph = new TorchGraph(setup.architecture(), tensors, setup.normImages());
  }

  private float[] decay() {
    Weights weights = state.weights();
    float[] decay = new float[weights.values().length];
    for (Parameter parameter : state.learned()) {
      if (parameter.role().decayed()) {
        int from = weights.offset(parameter.name());
        float own = (float) setup.optimiser().weightDecay();
        Arrays.fill(decay, from, from + parameter.size(), own);
      }
    }
    return decay;
  }

  /** Each a part of the values, whose gradient is the same part of the gradients. */
  private Map<String, Tensor> tensors() {
    Map<String, Tensor> parts = new LinkedHashMap<>();
    for (Parameter parameter : state.weights().parameters()) {
      // A tensor's data has a history of its own: moving the running averages of one unit does not
      // count for autograd as a change of all that lies in the same memory.
      Tensor part = Kept.only(() -> part(values.tensor(), parameter).variable_data());
      if (parameter.role().learned()) {
        part.set_requires_grad(true);
        try (Tensor gradient = Kept.only(() -> part(gradients, parameter))) {
          part.mutable_grad().put(gradient);
        }
      }
      parts.put(parameter.name(), part);
    }
    return parts;
  }

  private Tensor part(Tensor all, Parameter parameter) {
    long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
    int from = state.weights().offset(parameter.name());
    return all.narrow(0, from, parameter.size()).view(shape);
  }

  @Override
  public Architecture architecture() {
    return setup.architecture();
  }

  @Override
  public Score step(ImageBatch batch, double learningRate, float kept) {
    begin(batch);
    try (PointerScope _ = new PointerScope()) {
      float[] logits;
      try (AutoGradMode _ = new AutoGradMode(true)) {
        gradients.zero_();
        Tensor output = graph.learning(upload(batch), kept);
        logits = floats(output);
        long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
        Tensor classes =
            torch.tensor(labels, new TensorOptions(ScalarType.Long)).to(device, ScalarType.Long);
        torch.cross_entropy_loss(output, classes).backward();
        output.close();
      }
      update(learningRate);
      return CrossEntropy.score(logits, architecture().classes(), batch.labels());
    }
  }

  /** See {@link org.igcnet.backend.Optimiser}. */
  private void update(double learningRate) {
    double momentum = setup.optimiser().momentum();
    try (AutoGradMode _ = new AutoGradMode(false)) {
      gradients.addcmul_(values.tensor(), decay);
      velocities.tensor().mul_(new Scalar(momentum)).add_(gradients);
      gradients.add_(velocities.tensor(), new Scalar(momentum));
      values.tensor().add_(gradients, new Scalar(-learningRate));
    }
  }

  @Override
  public void observe(ImageBatch batch, float kept) {
    begin(batch);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(false)) {
      graph.learning(upload(batch), kept).close();
    }
  }

  @Override
  public float[] logits(ImageBatch batch) {
    begin(batch);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(false);
        Tensor output = graph.logits(upload(batch))) {
      return floats(output);
    }
  }

  private void begin(ImageBatch batch) {
    if (!batch.shape().equals(architecture().input()) || batch.images() > setup.batchSize()) {
      throw new IllegalArgumentException(
          "a network for %d images of %s cannot take %d of %s"
              .formatted(setup.batchSize(), architecture().input(), batch.images(), batch.shape()));
    }
    torch.set_num_threads(threads);
  }

  private Tensor upload(ImageBatch batch) {
    ImageShape shape = batch.shape();
    images.put(batch.pixels(), batch.images() * shape.size());
    return images
        .tensor()
        .narrow(0, 0, (long) batch.images() * shape.size())
        .view(batch.images(), shape.channels(), shape.height(), shape.width())
        .contiguous(format.format);
  }

  private static float[] floats(Tensor tensor) {
    float[] floats = new float[Math.toIntExact(tensor.numel())];
    tensor.detach().cpu().contiguous().data_ptr_float().get(floats);
    return floats;
  }

  /** A copy of what is on the device, in memory that is used again. */
  @Override
  public State state() {
    values.get(state.weights().values());
    velocities.get(state.velocity());
    return state;
  }

  @Override
  public void restore(State other) {
    values.put(other.weights().values(), other.velocity().length);
    velocities.put(other.velocity(), other.velocity().length);
  }

  /** Frees libtorch's memory. */
  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    decay.close();
    gradients.close();
    images.close();
    velocities.close();
    values.close();
    device.close();
  }
}
