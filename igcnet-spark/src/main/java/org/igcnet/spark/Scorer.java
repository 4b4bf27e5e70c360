package org.igcnet.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.spark.sql.Row;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Predictor;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.model.Model;
import org.jspecify.annotations.Nullable;

/**
 * A model that says what pictures show, for all tasks of an executor. Any number of threads may ask
 * at the same time; each has feature maps of its own, and all have the same weights. The answer for
 * a picture has the bits of {@link org.igcnet.model.ImageClassifier}'s.
 */
final class Scorer implements AutoCloseable {
  /** Most images that are computed together. */
  private static final int MOST_TOGETHER = 64;

  /** Where images are so large that fewer of them are as many numbers, there are fewer. */
  private static final int MOST_VALUES = 1 << 20;

  private final ImageShape shape;
  private final Framing framing;
  private final Normalization normalization;
  private final Answers answers;
  private final int together;
  private final Predictor predictor;

  /** Those at which nobody sits; locked by itself. */
  private final Deque<Seat> idle = new ArrayDeque<>();

  private Scorer(Model model, int together, Predictor predictor) {
    this.shape = model.architecture().input();
    this.framing = model.framing();
    this.normalization = model.normalization();
    this.answers = new Answers(model.classes());
    this.together = together;
    this.predictor = predictor;
  }

  /** For a model, whose weights are copied. */
  static Scorer of(Model model) {
    int images = Math.clamp(MOST_VALUES / model.architecture().input().size(), 1, MOST_TOGETHER);
    Predictor predictor =
        Compute.threads(1).predictor(model.architecture(), model.weights(), images);
    return new Scorer(model, images, predictor);
  }

  /** What one thread at a time computes with. */
  private static final class Seat {
    private final InferenceSession session;
    private final ImageBatch batch;
    private final float[] image;

    Seat(InferenceSession session, int images) {
      ImageShape shape = session.architecture().input();
      this.session = session;
      this.batch = new ImageBatch(shape, images);
      this.image = new float[shape.size()];
    }
  }

  /** {@return most images that one thread computes together} */
  int together() {
    return together;
  }

  /**
   * Says what pictures show.
   *
   * @param values at most {@link #together()}, of a column of pictures
   * @param reader takes the pictures out
   * @return the answer for each, in their order
   */
  List<Row> answers(List<? extends @Nullable Object> values, PictureReader reader) {
    Seat seat = taken();
    try {
      return answers(values, reader, seat);
    } finally {
      giveBack(seat);
    }
  }

  private List<Row> answers(
      List<? extends @Nullable Object> values, PictureReader reader, Seat seat) {
    List<@Nullable String> problems = new ArrayList<>();
    int images = 0;
    seat.batch.begin(values.size());
    for (Object value : values) {
      try {
        byte[] fitted = reader.picture(value).fitted(shape, framing).values();
        normalization.apply(fitted, shape, seat.image);
        seat.batch.put(images++, seat.image, 0);
        problems.add(null);
      } catch (UserError refused) {
        problems.add(refused.getMessage());
      }
    }
    seat.batch.begin(images);
    float[] logits = images == 0 ? new float[0] : seat.session.logits(seat.batch);
    List<Row> rows = new ArrayList<>();
    int image = 0;
    for (String problem : problems) {
      rows.add(problem == null ? answers.of(logits, image++) : Answers.problem(problem));
    }
    return rows;
  }

  private Seat taken() {
    @Nullable Seat made;
    synchronized (idle) {
      made = idle.poll();
    }
    return made == null ? new Seat(predictor.session(1), together) : made;
  }

  private void giveBack(Seat seat) {
    synchronized (idle) {
      idle.push(seat);
    }
  }

  /** Gives back memory; nobody asks any more. */
  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(seat -> seat.session.close());
      idle.clear();
    }
  }
}
