package org.igcnet.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.igcnet.Hostile;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Weights;
import org.igcnet.files.Safetensors;
import org.igcnet.files.StoredWeights;

/** Descriptions of models, beside sound weights. See {@link Hostile}. */
public final class ModelFolderFuzzer {
  private static final Weights WEIGHTS = Weights.of(Architecture.cifar("IGC-L1M1", 5, 2));
  private static final Safetensors STORED =
      new Safetensors(new TreeMap<>(Map.of("format", "pt")), StoredWeights.of(WEIGHTS).tensors());

  private ModelFolderFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        ModelFolder.DESCRIPTION,
        input,
        folder -> {
          Path weights = folder.resolve(ModelFolder.WEIGHTS);
          STORED.write(weights);
          try {
            List.copyOf(ModelFolder.read(folder).classes());
          } finally {
            Hostile.delete(weights);
          }
        });
  }
}
