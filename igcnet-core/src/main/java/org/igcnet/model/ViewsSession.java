package org.igcnet.model;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Predictor;
import org.igcnet.data.Shift;
import org.igcnet.data.Views;
import org.igcnet.loss.CrossEntropy;
import org.jspecify.annotations.Nullable;

/**
 * Shows a network several views of each image. Its logits are the logarithms of the mean
 * probabilities, so that their softmax is that mean.
 */
final class ViewsSession implements InferenceSession {
  private final InferenceSession session;
  private final List<Shift> views;
  private final float[] view;

  /** As large as the largest batch so far. */
  private @Nullable ImageBatch seen;

  private ViewsSession(InferenceSession session, Views views) {
    ImageShape shape = session.architecture().input();
    this.session = session;
    this.views = views.shifts(shape);
    this.view = new float[shape.size()];
  }

  /** What shows the sessions of a predictor these views. */
  static Predictor over(Predictor predictor, Views views) {
    return views == Views.ONE
        ? predictor
        : threads -> new ViewsSession(predictor.session(threads), views);
  }

  /** A session that is shown these views, and closed with the new one. */
  static InferenceSession over(InferenceSession session, Views views) {
    return views == Views.ONE ? session : new ViewsSession(session, views);
  }

  @Override
  public Architecture architecture() {
    return session.architecture();
  }

  @Override
  public float[] logits(ImageBatch batch) {
    int classes = architecture().classes();
    double[] sums = new double[batch.images() * classes];
    for (Shift each : views) {
      float[] logits = session.logits(shown(batch, each));
      for (int image = 0; image < batch.images(); image++) {
        double[] probabilities = CrossEntropy.probabilities(logits, image, classes);
        for (int k = 0; k < classes; k++) {
          sums[image * classes + k] += probabilities[k];
        }
      }
    }
    float[] logits = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      // What is too small for a number stays one.
      logits[i] = (float) StrictMath.log(Math.max(sums[i] / views.size(), Double.MIN_NORMAL));
    }
    return logits;
  }

  private ImageBatch shown(ImageBatch batch, Shift shift) {
    ImageBatch shown = seen;
    if (shown == null || shown.capacity() < batch.images()) {
      shown = new ImageBatch(batch.shape(), batch.images());
      seen = shown;
    }
    shown.begin(batch.images());
    for (int image = 0; image < batch.images(); image++) {
      shift.apply(batch.pixels(), batch.start(image), batch.shape(), view);
      shown.put(image, view, batch.label(image));
    }
    return shown;
  }

  @Override
  public void close() {
    session.close();
  }
}
