package org.igcnet.torch;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
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
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.backend.Weights;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.loss.Target;

/**
 * A network that learns on libtorch: weights, gradients, velocities, loss and optimiser stay on its
 * device. Images go there, logits come back.
 *
 * <p>All tensors of a kind are one, of which each tensor of the network is a part ({@link Parts}),
 * so that the optimiser is four operations for the whole network.
 *
 * <p>One thread at a time may use it; the number of libtorch's threads belongs to the process, and
 * each call sets it anew.
 */
public final class TorchSession implements TrainingSession {
  private final Setup setup;
  private final int threads;
  private final Form form;
  private final Device device;
  private final State state;
  private final Parts parts;

  /** Values on their way to the device or back, in the order of a state. */
  private final Mirror transfer;

  private final Parts ordered;
  private final Mirror images;
  private final Tensor values;
  private final Tensor velocities;
  private final Tensor gradients;

  /** The weight decay of each value. */
  private final Tensor decay;

  /** What η is multiplied by for each value: 0 where it is not learned. */
  private final Tensor rates;

  private final Map<String, Tensor> tensors;
  private final TorchGraph graph;

  /**
   * Makes a network with all weights zero.
   *
   * @param threads threads that compute
   * @param form how the network is written
   * @param device is closed with the session
   */
  TorchSession(Setup setup, int threads, Form form, Device device) {
    this.setup = setup;
    this.threads = threads;
    this.form = form;
    this.device = device;
    this.state = State.of(setup.architecture());
    int size = state.velocity().length;
    this.parts = new Parts(state.weights(), form.memory());
    this.ordered = new Parts(state.weights(), MemoryFormat.CONTIGUOUS);
    this.transfer = new Mirror(size, device);
    this.images =
        new Mirror(
            Math.multiplyExact(setup.batchSize(), setup.architecture().input().size()), device);
    this.values = Kept.only(() -> torch.zeros_like(transfer.tensor()));
    this.velocities = Kept.only(() -> torch.zeros_like(values));
    this.gradients = Kept.only(() -> torch.zeros_like(values));
    this.decay = kept(p -> p.role().decayed() ? setup.optimiser().weightDecay() : 0);
    this.rates = kept(p -> p.role().ofNorm() ? setup.optimiser().normRate() : 1);
    this.tensors = parts.learning(values, gradients);
    this.graph = new TorchGraph(setup.architecture(), tensors, form);
  }

  /** A number for each value, on the device: 0 where it is not learned. */
  private Tensor kept(ToDoubleFunction<Parameter> number) {
    Weights weights = state.weights();
    float[] numbers = new float[weights.values().length];
    for (Parameter parameter : weights.parameters()) {
      if (setup.learns(parameter)) {
        int from = weights.offset(parameter.name());
        Arrays.fill(
            numbers, from, from + parameter.size(), (float) number.applyAsDouble(parameter));
      }
    }
    return Kept.only(() -> torch.tensor(numbers).to(device, ScalarType.Float));
  }

  @Override
  public Architecture architecture() {
    return setup.architecture();
  }

  @Override
  public Score step(ImageBatch batch, double learningRate, float kept) {
    if (batch.images() == 0) {
      return Score.NONE;
    }
    begin(batch);
    try (PointerScope _ = new PointerScope()) {
      float[] logits;
      try (AutoGradMode _ = new AutoGradMode(true)) {
        gradients.zero_();
        Tensor output = graph.learning(upload(batch), groups(batch), kept);
        logits = floats(output);
        torch.cross_entropy_loss(output, wanted(batch.targets())).backward();
        output.close();
      }
      update(learningRate);
      return CrossEntropy.score(logits, architecture().classes(), batch.targets());
    }
  }

  /** Classes where all targets are sure of one, else a row of weighted probabilities each. */
  private Tensor wanted(Target[] targets) {
    if (Arrays.stream(targets).allMatch(Target::isPlain)) {
      long[] labels = Arrays.stream(targets).mapToLong(Target::label).toArray();
      return torch.tensor(labels, new TensorOptions(ScalarType.Long)).to(device, ScalarType.Long);
    }
    int classes = architecture().classes();
    float[] rows = new float[targets.length * classes];
    for (int i = 0; i < rows.length; i++) {
      Target target = targets[i / classes];
      rows[i] = (float) (target.weight() * target.probability(i % classes, classes));
    }
    return torch.tensor(rows).to(device, ScalarType.Float).view(targets.length, classes);
  }

  /** See {@link org.igcnet.backend.Optimiser}. */
  private void update(double learningRate) {
    Optimiser optimiser = setup.optimiser();
    double momentum = optimiser.momentum();
    try (AutoGradMode _ = new AutoGradMode(false)) {
      if (!setup.frozen().isEmpty()) {
        gradients.mul_(rates.ne(new Scalar(0)));
      }
      if (optimiser.gradientLimit() > 0) {
        double scale = optimiser.scale(gradients.norm().item_double());
        gradients.mul_(new Scalar(scale));
      }
      gradients.addcmul_(values, decay);
      velocities.mul_(new Scalar(momentum)).add_(gradients);
      gradients.add_(velocities, new Scalar(momentum));
      if (optimiser.normRate() == 1) {
        values.add_(gradients, new Scalar(-learningRate));
      } else {
        values.addcmul_(gradients, rates, new Scalar(-learningRate));
      }
    }
  }

  @Override
  public int observe(ImageBatch batch, int before) {
    int seen = before + batch.images();
    if (seen == before) {
      return seen;
    }
    begin(batch);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(false)) {
      graph.learning(upload(batch), groups(batch), (float) ((double) before / seen)).close();
    }
    return seen;
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

  private NormGroups groups(ImageBatch batch) {
    return NormGroups.of(batch, setup.normImages());
  }

  private void begin(ImageBatch batch) {
    batch.requireFitting(architecture().input(), setup.batchSize());
    torch.set_num_threads(threads);
  }

  private Tensor upload(ImageBatch batch) {
    ImageShape shape = batch.shape();
    images.put(batch.pixels(), batch.images() * shape.size());
    return images
        .tensor()
        .narrow(0, 0, (long) batch.images() * shape.size())
        .view(batch.images(), shape.channels(), shape.height(), shape.width())
        .contiguous(form.memory().format());
  }

  private static float[] floats(Tensor tensor) {
    float[] floats = new float[Math.toIntExact(tensor.numel())];
    tensor.detach().cpu().contiguous().data_ptr_float().get(floats);
    return floats;
  }

  /** A copy of what is on the device, in memory that is used again. */
  @Override
  public State state() {
    get(values, state.weights().values());
    get(velocities, state.velocity());
    return state;
  }

  private void get(Tensor from, float[] to) {
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(false)) {
      parts.copy(from, ordered, transfer.tensor());
    }
    transfer.get(to);
  }

  @Override
  public void restore(State other) {
    put(other.weights().values(), values);
    put(other.velocity(), velocities);
  }

  private void put(float[] from, Tensor to) {
    transfer.put(from, from.length);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(false)) {
      ordered.copy(transfer.tensor(), parts, to);
    }
  }

  /** Frees libtorch's memory. */
  @Override
  public void close() {
    graph.close();
    tensors.values().forEach(Tensor::close);
    rates.close();
    decay.close();
    gradients.close();
    velocities.close();
    values.close();
    images.close();
    transfer.close();
    device.close();
  }
}
