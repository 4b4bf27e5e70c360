package org.igcnet.arch;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.igcnet.UserError;

/** Where a network makes its feature maps smaller and wider. */
public enum Body {
  /** Table 2: three stages of equal length at full, half and quarter size, width doubling. */
  STAGES("stages", 3),
  /** Figure 3: one stage, always at the input's size. */
  FLAT("flat", 1);

  private final String id;
  private final int stages;

  Body(String id, int stages) {
    this.id = id;
    this.stages = stages;
  }

  /** Its name on the command line and in files. */
  public String id() {
    return id;
  }

  /** Number of stages. */
  public int stages() {
    return stages;
  }

  /** Layers added to a network's depth by one more block in every stage. */
  int depthStep(boolean identity) {
    return identity ? 2 * stages : stages;
  }

  /**
   * Reads a name; upper and lower case are the same.
   *
   * @throws UserError where there is no body of this name
   */
  public static Body parse(String id) {
    return Arrays.stream(values())
        .filter(body -> body.id.equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "\"%s\" is no body; there are %s"
                        .formatted(
                            id,
                            Arrays.stream(values())
                                .map(Body::id)
                                .collect(Collectors.joining(", ")))));
  }
}
