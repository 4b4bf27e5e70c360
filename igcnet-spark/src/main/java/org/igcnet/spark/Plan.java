package org.igcnet.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.igcnet.data.DataSpec;
import org.jspecify.annotations.Nullable;

/**
 * What every worker of one attempt has to know.
 *
 * @param store where the run is
 * @param data the data's name on the workers, null where it is as the run has it
 * @param driver the address of the driver's {@link Door}
 * @param secret what all of them know
 * @param patience how long each of them waits for another
 * @param checkpoints time between checkpoints within a long epoch
 */
record Plan(
    RunStore store,
    @Nullable String data,
    String driver,
    Secret secret,
    Duration patience,
    Duration checkpoints)
    implements Serializable {
  Optional<DataSpec> dataSpec() {
    return Optional.ofNullable(data).map(DataSpec::parse);
  }
}
