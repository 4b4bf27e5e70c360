package org.igcnet.data;

import java.util.Arrays;
import java.util.List;
import org.igcnet.Hostile;
import org.igcnet.data.Cifar.Label;
import org.igcnet.data.Cifar.Layout;

/** CIFAR's records and names of classes. See {@link Hostile}. */
public final class CifarFuzzer {
  private CifarFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] two = Arrays.copyOf(input, input.length < 10 ? input.length : 2 * 3074);
    Layout layout =
        new Layout(
            "a", List.of("both"), "both", 2, 2, List.of(new Label("both", 2), new Label("", 9)), 0);
    Hostile.file(
        "both",
        two,
        folder -> {
          Splits splits = layout.splits("cifar100", folder, WorkListener.SILENT);
          splits.test().read(splits.test().label(1), new byte[3072]);
        });
  }
}
