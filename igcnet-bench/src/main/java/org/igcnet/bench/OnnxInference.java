package org.igcnet.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.igcnet.onnx.OnnxExport;
import org.igcnet.onnx.OnnxOptions;
import org.igcnet.train.Initialisation;

/**
 * Predictions of ONNX Runtime, with all its optimisations, on the network as we export it. It reads
 * the images where they are and leaves the logits in its own memory.
 */
final class OnnxInference implements Session {
  private final OrtSession session;
  private final FloatBuffer images;
  private final long[] shape;

  OnnxInference(Contender.Inference contender, OnnxOptions form) {
    Architecture architecture = contender.architecture();
    ImageShape image = architecture.input();
    session = session(OnnxExport.of(model(architecture), form).bytes(), contender.threads());
    images = new RandomImages(architecture, contender.images()).direct();
    shape = new long[] {contender.images(), image.channels(), image.height(), image.width()};
  }

  private static OrtSession session(byte[] model, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return OrtEnvironment.getEnvironment().createSession(model, options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not take the network", e);
    }
  }

  private static Model model(Architecture architecture) {
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, RandomImages.SEED);
    List<Float> means = Collections.nCopies(architecture.input().channels(), 0f);
    List<Float> deviations = Collections.nCopies(architecture.input().channels(), 1f);
    return new Model(
        architecture,
        IntStream.range(0, architecture.classes()).mapToObj(String::valueOf).toList(),
        Framing.WHOLE,
        new Normalization(means, deviations),
        new Origin("none", 0, 0, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }

  @Override
  public void step() {
    try (OnnxTensor x = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), images, shape);
        OrtSession.Result result = session.run(Map.of("x", x))) {
      if (result.size() != 1) {
        throw new IllegalStateException("ONNX Runtime gave %d outputs".formatted(result.size()));
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not run the network", e);
    }
  }
}
