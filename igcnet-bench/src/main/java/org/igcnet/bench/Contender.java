package org.igcnet.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.onnx.OnnxOptions;
import org.igcnet.torch.Form;
import org.igcnet.torch.TorchBackend;

/**
 * Something whose speed is measured, in a process of its own: libraries that compute keep threads
 * that spin for a while after their work, and the compiler of a Java process remembers what ran in
 * it before.
 */
sealed interface Contender {
  /** Threads that compute. */
  int threads();

  /** What one step does: images, multiply-adds or bytes. */
  double work();

  /** A contender that this program can run itself. In JSON it is part of a {@link Conversation}. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
  sealed interface Local extends Contender {
    /** Makes all that a step needs. */
    Session open();
  }

  /**
   * One step is forward, backward and Nesterov SGD on a batch.
   *
   * @param engine what computes
   * @param net what is computed
   * @param images in the batch
   * @param precision of feature maps, or none for the build's own choice; a build that has no
   *     choice passes over it
   */
  record Training(
      Engine engine,
      Net net,
      int images,
      int threads,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Precision> precision)
      implements OfNetwork, Local {
    /** In the precision that the build chooses. */
    Training(Engine engine, Net net, int images, int threads) {
      this(engine, net, images, threads, Optional.empty());
    }

    @Override
    public Session open() {
      return new TrainingSteps(this, session());
    }

    /** How it keeps feature maps. */
    Precision maps() {
      return precision.orElseGet(
          () ->
              engine == Engine.IGCNET
                  ? Compute.threads(threads).engine().fastestPrecision()
                  : Precision.FLOAT32);
    }

    private TrainingSession session() {
      Setup setup = TrainingSteps.setup(this);
      return switch (engine) {
        case IGCNET -> Compute.threads(threads).training(setup.with(maps()));
        case LIBTORCH -> TorchBackend.training(setup, threads, Form.PLAIN);
        case LIBTORCH_CHANNELS_LAST -> TorchBackend.training(setup, threads, Form.CHANNELS_LAST);
        case LIBTORCH_WIDE -> TorchBackend.training(setup, threads, Form.WIDE);
        case ONNX_RUNTIME, ONNX_RUNTIME_PAPER ->
            throw new IllegalArgumentException(engine + " does not train");
      };
    }

    @Override
    public String toString() {
      String maps = precision.map(kind -> ", maps as " + kind).orElse("");
      return "%s training %s%s, %s".formatted(engine, net, maps, crew(threads));
    }
  }

  /**
   * One step goes from images as an array of floats (channels × rows × columns) to logits.
   *
   * @param engine what computes
   * @param net what is computed
   * @param images in one call
   */
  record Inference(Engine engine, Net net, int images, int threads) implements OfNetwork, Local {
    @Override
    public Session open() {
      return switch (engine) {
        case IGCNET -> new OwnInference(this);
        case ONNX_RUNTIME -> new OnnxInference(this, OnnxOptions.FAST);
        case ONNX_RUNTIME_PAPER -> new OnnxInference(this, OnnxOptions.PAPER);
        case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_WIDE ->
            throw new IllegalArgumentException(engine + " does not predict here");
      };
    }

    @Override
    public String toString() {
      return "%s inference %s, %d image%s, %s"
          .formatted(engine, net, images, images == 1 ? "" : "s", crew(threads));
    }
  }

  /** What a contender of ours is in another build of this program. */
  record Older(OfNetwork ours, OlderBuild build) implements OfNetwork {
    @Override
    public Engine engine() {
      return ours.engine();
    }

    @Override
    public Net net() {
      return ours.net();
    }

    @Override
    public int images() {
      return ours.images();
    }

    @Override
    public int threads() {
      return ours.threads();
    }

    @Override
    public String toString() {
      return "older " + ours;
    }
  }

  /** What the machine can do: fused multiply-adds on registers. */
  record Peak(int threads) implements Local {
    @Override
    public Session open() {
      return new EveryThread(threads, MultiplyAdds::run);
    }

    @Override
    public double work() {
      return (double) threads * MultiplyAdds.COUNT;
    }

    @Override
    public String toString() {
      return "multiply-adds on registers, " + crew(threads);
    }
  }

  /** What the machine can do: reading memory and writing it back. */
  record Bandwidth(int threads) implements Local {
    @Override
    public Session open() {
      return new EveryThread(threads, MemoryPass::run);
    }

    @Override
    public double work() {
      return (double) threads * MemoryPass.BYTES;
    }

    @Override
    public String toString() {
      return "memory read and written back, " + crew(threads);
    }
  }

  /** A contender that runs a network. */
  sealed interface OfNetwork extends Contender {
    Engine engine();

    Net net();

    int images();

    default Architecture architecture() {
      return net().architecture();
    }

    /** The images of one step. */
    @Override
    default double work() {
      return images();
    }
  }

  private static String crew(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  /** What computes. */
  enum Engine {
    IGCNET("IGCNet"),
    LIBTORCH("libtorch"),
    LIBTORCH_CHANNELS_LAST("libtorch, channels last,"),
    LIBTORCH_WIDE("libtorch, wide,"),
    ONNX_RUNTIME("ONNX Runtime"),
    ONNX_RUNTIME_PAPER("ONNX Runtime, the paper's form,");

    private final String title;

    Engine(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }
}
