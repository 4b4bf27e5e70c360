package org.igcnet.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.OptimizerParamGroupVector;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Weights;
import org.igcnet.train.Recipe;

/**
 * Training and inference as a user of libtorch has them: weights, loss and optimizer are libtorch's
 * and stay on its device. The peer of benchmarks.
 *
 * <p>One thread at a time may use it; the number of libtorch's threads belongs to the process, and
 * each call sets it anew.
 */
public final class TorchTrainer implements AutoCloseable {
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

  private final Weights layout;
  private final Recipe recipe;
  private final int threads;
  private final MemoryFormat format;
  private final Device device;
  private final Map<String, Tensor> tensors;
  private final TorchGraph graph;
  private final SGD optimizer;
  private Tensor images;
  private Tensor labels;
  private long steps;

  /**
   * Makes a network on a device.
   *
   * @param architecture the network
   * @param weights its first weights; copied
   * @param recipe learning rate, momentum, weight decay and batch normalisation
   * @param threads threads that compute
   * @param format how weights and images lie in memory
   * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
   * @throws org.igcnet.UserError where there is no such device
   */
  public TorchTrainer(
      Architecture architecture,
      Weights weights,
      Recipe recipe,
      int threads,
      MemoryFormat format,
      String device) {
    this.layout = weights;
    this.recipe = recipe;
    this.threads = threads;
    this.format = format;
    this.device = TorchEngine.device(device);
    this.tensors = tensors();
    this.graph = new TorchGraph(architecture, tensors, recipe.normImages());
    this.optimizer = Kept.only(this::optimizer);
    this.images = Kept.only(() -> torch.empty(0));
    this.labels = Kept.only(() -> torch.empty(0));
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> made = new LinkedHashMap<>();
    for (Parameter parameter : layout.parameters()) {
      float[] values = new float[parameter.size()];
      System.arraycopy(layout.values(), layout.offset(parameter.name()), values, 0, values.length);
      long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
      Tensor tensor = Kept.only(() -> placed(torch.tensor(values).view(shape)));
      tensor.set_requires_grad(parameter.role().learned());
      made.put(parameter.name(), tensor);
    }
    return made;
  }

  /** On the device, and in the memory format where there are rows and columns. */
  private Tensor placed(Tensor tensor) {
    Tensor there = tensor.to(device, tensor.scalar_type());
    return there.dim() == 4 ? there.contiguous(format.format) : there;
  }

  /** Two groups: what decays and what does not. */
  private SGD optimizer() {
    OptimizerParamGroupVector groups = new OptimizerParamGroupVector();
    SGD sgd = new SGD(groups, options(0));
    sgd.add_param_group(new OptimizerParamGroup(learned(true), options(recipe.weightDecay())));
    sgd.add_param_group(new OptimizerParamGroup(learned(false), options(0)));
    return sgd;
  }

  private SGDOptions options(double weightDecay) {
    SGDOptions options = new SGDOptions(recipe.learningRate());
    options.momentum().put(recipe.momentum());
    options.nesterov().put(true);
    options.weight_decay().put(weightDecay);
    return options;
  }

  private TensorVector learned(boolean decayed) {
    List<Tensor> learned = new ArrayList<>();
    for (Parameter parameter : layout.parameters()) {
      if (parameter.role().learned() && parameter.role().decayed() == decayed) {
        learned.add(tensors.get(parameter.name()));
      }
    }
    return new TensorVector(learned.toArray(Tensor[]::new));
  }

  /** Copies the images and labels that {@link #step} and {@link #infer} use from now on. */
  public void take(ImageBatch batch) {
    ImageShape shape = batch.shape();
    float[] pixels = Arrays.copyOf(batch.pixels(), batch.images() * shape.size());
    long[] classes = Arrays.stream(batch.labels()).asLongStream().toArray();
    images.close();
    labels.close();
    images =
        Kept.only(
            () ->
                placed(
                    torch
                        .tensor(pixels)
                        .view(batch.images(), shape.channels(), shape.height(), shape.width())));
    labels = Kept.only(() -> placed(torch.tensor(classes, new TensorOptions(ScalarType.Long))));
  }

  /**
   * Forward, cross entropy, backward and a step of SGD, at the recipe's first learning rate.
   *
   * @return the mean cross entropy before the step
   */
  public double step() {
    torch.set_num_threads(threads);
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(true)) {
      optimizer.zero_grad();
      Tensor loss = loss();
      loss.backward();
      optimizer.step();
      steps++;
      return loss.item_float();
    }
  }

  private Tensor loss() {
    try (Tensor logits = graph.learning(images, recipe.normKept(steps))) {
      return torch.cross_entropy_loss(logits, labels);
    }
  }

  /**
   * Classifies the images, with the running averages.
   *
   * @return the logits, {@code [image][class]}
   */
  public float[] infer() {
    torch.set_num_threads(threads);
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true);
        Tensor logits = graph.logits(images)) {
      return floats(logits);
    }
  }

  /** Copies the weights, running averages included, into an array of the same order. */
  public void copyTo(Weights weights) {
    try (PointerScope _ = new PointerScope()) {
      tensors.forEach(
          (name, tensor) -> {
            float[] values = floats(tensor);
            System.arraycopy(values, 0, weights.values(), weights.offset(name), values.length);
          });
    }
  }

  private static float[] floats(Tensor tensor) {
    float[] floats = new float[Math.toIntExact(tensor.numel())];
    tensor.detach().cpu().contiguous().data_ptr_float().get(floats);
    return floats;
  }

  /** Frees libtorch's memory. */
  @Override
  public void close() {
    optimizer.close();
    labels.close();
    images.close();
    tensors.values().forEach(Tensor::close);
    device.close();
  }
}
