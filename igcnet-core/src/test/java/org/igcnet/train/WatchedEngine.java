package org.igcnet.train;

import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Weights;
import org.igcnet.engine.Engine;
import org.igcnet.engine.EngineProvider;
import org.igcnet.engine.IgcEngine;

/**
 * This project's engine, each of whose predictions a test sees.
 *
 * @param watcher may change the logits, or do anything else in the middle of a test pass
 */
record WatchedEngine(Watcher watcher) implements EngineProvider {
  /** Sees the logits of a prediction, on the thread that trains. */
  @FunctionalInterface
  interface Watcher {
    void predicted(float[] logits);
  }

  @Override
  public String name() {
    return "igc";
  }

  @Override
  public void requireDevice(String device) {}

  @Override
  public Optional<Integer> lanes() {
    return new IgcEngine().lanes();
  }

  @Override
  public Engine create(
      Architecture architecture, int capacity, int normImages, int threads, String device) {
    return new Watched(
        new IgcEngine().create(architecture, capacity, normImages, threads, device), watcher);
  }

  private record Watched(Engine engine, Watcher watcher) implements Engine {
    @Override
    public Architecture architecture() {
      return engine.architecture();
    }

    @Override
    public Weights weights() {
      return engine.weights();
    }

    @Override
    public float[] forward(ImageBatch batch, float kept) {
      return engine.forward(batch, kept);
    }

    @Override
    public void backward(float[] logitGradients) {
      engine.backward(logitGradients);
    }

    @Override
    public float[] logits(ImageBatch batch) {
      float[] logits = engine.logits(batch);
      watcher.predicted(logits);
      return logits;
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
