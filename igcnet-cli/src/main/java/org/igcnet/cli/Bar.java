package org.igcnet.cli;

import java.util.function.Consumer;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** The progress bar on a terminal's line, while there is one. Elsewhere nothing is shown. */
final class Bar implements AutoCloseable {
  private final Console console;
  private @Nullable ProgressBar shown;

  Bar(Console console) {
    this.console = console;
  }

  /**
   * Moves the bar.
   *
   * @param fresh the bar to begin with where none is shown
   */
  void show(Supplier<ProgressBarBuilder> fresh, Consumer<ProgressBar> move) {
    if (console.terminal()) {
      if (shown == null) {
        shown = fresh.get().build();
      }
      move.accept(shown);
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (shown != null) {
      shown.close();
      console.wipeBar();
      shown = null;
    }
  }
}
