package org.igcnet.train;

import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.cpu.CpuBackend;
import org.igcnet.loss.CrossEntropy.Score;

/**
 * This project's engine, each of whose predictions a test sees.
 *
 * @param watcher may change the logits, or do anything else in the middle of a test pass
 */
record WatchedEngine(Watcher watcher) implements Backend {
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
    return new CpuBackend().lanes();
  }

  @Override
  public TrainingSession training(Setup setup, int threads, String device) {
    return new Watched(new CpuBackend().training(setup, threads, device), watcher);
  }

  private record Watched(TrainingSession session, Watcher watcher) implements TrainingSession {
    @Override
    public Architecture architecture() {
      return session.architecture();
    }

    @Override
    public Score step(ImageBatch batch, double learningRate, float kept) {
      return session.step(batch, learningRate, kept);
    }

    @Override
    public int observe(ImageBatch batch, int before) {
      return session.observe(batch, before);
    }

    @Override
    public float[] logits(ImageBatch batch) {
      float[] logits = session.logits(batch);
      watcher.predicted(logits);
      return logits;
    }

    @Override
    public State state() {
      return session.state();
    }

    @Override
    public void restore(State state) {
      session.restore(state);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
