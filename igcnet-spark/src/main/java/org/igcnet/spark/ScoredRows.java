package org.igcnet.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Gatherers;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Puts the answer behind each row of a partition, some rows at a time.
 *
 * @param model says what pictures show
 * @param reader takes the pictures out of the rows
 * @param place where in a row the picture stands
 */
record ScoredRows(SentModel model, PictureReader reader, int place)
    implements MapPartitionsFunction<Row, Row> {
  /** No more rows are taken at a time once they hold so many bytes of pictures. */
  private static final long MOST_BYTES = 16 << 20;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    TaskContext task = TaskContext.get();
    KeptModels.Use use = model.use();
    // A task need not read its rows to their end.
    TaskCompletionListener end = _ -> use.close();
    task.addTaskCompletionListener(end);
    return new Scored(rows, this, use.scorer(), task.cpus());
  }

  /** The rows of a partition, with their answers. */
  static final class Scored implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final PictureReader reader;
    private final int place;
    private final Scorer scorer;
    private final int threads;
    private final Deque<Row> scored = new ArrayDeque<>();

    Scored(Iterator<Row> rows, ScoredRows function, Scorer scorer, int threads) {
      this.rows = rows;
      this.reader = function.reader;
      this.place = function.place;
      this.scorer = scorer;
      this.threads = threads;
    }

    @Override
    public boolean hasNext() {
      return !scored.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (scored.isEmpty()) {
        score(taken());
      }
      return scored.remove();
    }

    private List<Row> taken() {
      List<Row> taken = new ArrayList<>();
      long bytes = 0;
      do {
        Row row = rows.next();
        taken.add(row);
        bytes += bytes(row.get(place));
      } while (rows.hasNext() && taken.size() < scorer.together() * threads && bytes < MOST_BYTES);
      return taken;
    }

    private void score(List<Row> taken) {
      List<Row> answers =
          answers(taken.stream().<@Nullable Object>map(row -> row.get(place)).toList());
      for (int i = 0; i < taken.size(); i++) {
        scored.add(longer(taken.get(i), answers.get(i)));
      }
    }

    /** Each thread has as many. */
    private List<Row> answers(List<? extends @Nullable Object> values) {
      if (threads == 1) {
        return scorer.answers(values, reader);
      }
      int share = Math.ceilDiv(values.size(), threads);
      return values.stream()
          .gather(Gatherers.windowFixed(share))
          .gather(Gatherers.mapConcurrent(threads, part -> scorer.answers(part, reader)))
          .flatMap(List::stream)
          .toList();
    }
  }

  private static long bytes(@Nullable Object value) {
    return switch (value) {
      case byte[] file -> file.length;
      case Row image when image.getAs("data") instanceof byte[] data -> data.length;
      case null, default -> 0;
    };
  }

  private static Row longer(Row row, Row answer) {
    @Nullable Object[] values = new @Nullable Object[row.size() + 1];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = answer;
    return RowFactory.create(values);
  }
}
