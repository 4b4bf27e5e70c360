package org.igcnet.spark;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.igcnet.model.Model;

/**
 * The models that an executor keeps, each once, for all its tasks. One that nobody uses stays for
 * the tasks that come, until there are more than {@value #MOST}: then the one goes that has not
 * been used for longest.
 */
final class KeptModels {
  /** Most models that are kept without a user. */
  static final int MOST = 4;

  /** Those of this executor. */
  static final KeptModels HERE = new KeptModels();

  /** By the SHA-256 of their files, the one that was used last at the end. */
  private final Map<String, Kept> models = new LinkedHashMap<>(16, 0.75f, true);

  private int loads;

  KeptModels() {}

  private static final class Kept {
    private final Scorer scorer;
    private int users;

    Kept(Scorer scorer) {
      this.scorer = scorer;
    }
  }

  /** A model while somebody uses it. */
  final class Use implements AutoCloseable {
    private final Kept kept;

    private Use(Kept kept) {
      this.kept = kept;
    }

    Scorer scorer() {
      return kept.scorer;
    }

    /** Ends the use; to be called once. */
    @Override
    public void close() {
      end(kept);
    }
  }

  /**
   * Begins to use a model.
   *
   * @param sha256 of its files
   * @param model reads it, where it is not here yet
   * @return the model, to be closed
   */
  synchronized Use use(String sha256, Supplier<Model> model) {
    Kept kept = models.get(sha256);
    if (kept == null) {
      kept = new Kept(Scorer.of(model.get()));
      models.put(sha256, kept);
      loads++;
    }
    kept.users++;
    closeOldest();
    return new Use(kept);
  }

  private synchronized void end(Kept kept) {
    kept.users--;
    closeOldest();
  }

  private void closeOldest() {
    Iterator<Kept> oldest = models.values().iterator();
    while (models.size() > MOST && oldest.hasNext()) {
      Kept kept = oldest.next();
      if (kept.users == 0) {
        kept.scorer.close();
        oldest.remove();
      }
    }
  }

  /** {@return how often a model was loaded until now} */
  synchronized int loads() {
    return loads;
  }

  /** {@return how many models are here} */
  synchronized int size() {
    return models.size();
  }
}
