package org.igcnet.cpu.kernel;

import org.igcnet.backend.Precision;

/** Makes windows on {@link Maps}. */
public final class MapWindows {
  private MapWindows() {}

  /** A window on nothing yet. */
  public static StoredRows of(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> new FloatRows();
      case BF16 -> new HalfRows();
    };
  }
}
