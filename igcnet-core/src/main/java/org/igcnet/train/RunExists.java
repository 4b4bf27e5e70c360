package org.igcnet.train;

import java.nio.file.Path;
import org.igcnet.UserError;

/** The folder for a new run holds one already. */
public final class RunExists extends UserError {
  private static final long serialVersionUID = 1L;

  private final transient Path folder;

  RunExists(Path folder) {
    super("%s already holds a run; choose a new folder, or go on with that run".formatted(folder));
    this.folder = folder;
  }

  /** {@return the folder of the run that there is} */
  public Path folder() {
    return folder;
  }
}
