package org.igcnet.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.igcnet.data.Fetch;
import org.igcnet.data.Mirror;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet fetch}: downloads a published data set. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = {
      "Download a published data set and check it against its published checksum.",
      "A transfer that breaks goes on where it stopped; what is there already is kept, if it is",
      "what was published."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} fetch cifar10 --to data",
      "  ${ROOT-COMMAND-NAME} fetch svhn --to data/svhn --mirror https://mirror.example.org/svhn"
    })
final class FetchCommand implements Runnable {
  private static final long MEGABYTE = 1_000_000;

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String name = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Folder to put it in; made if need be.")
  @SuppressWarnings("NullAway.Init")
  private Path to;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "Folder of another server that holds the published files under their names, http or https; they are checked all the same (default: where they were published).")
  private @Nullable String mirror;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  FetchCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (!Fetch.names().contains(name)) {
      throw new UsageMistake(
          "unknown data set '%s'; there are %s".formatted(name, String.join(", ", Fetch.names())));
    }
    List<Path> there = fetched();
    if (json.wanted()) {
      console.json(new FetchDocument(name, there.stream().map(Path::toString).toList()));
    } else {
      there.forEach(path -> console.out().printf("%s%n", path));
    }
  }

  private List<Path> fetched() {
    Optional<Mirror> from =
        Optional.ofNullable(mirror).map(address -> UsageMistake.unless(() -> Mirror.of(address)));
    try (Transfer transfer = new Transfer(console)) {
      return from.isPresent()
          ? Fetch.fetch(name, from.get(), to, transfer)
          : Fetch.fetch(name, to, transfer);
    }
  }

  /** Shows how far each file is. */
  private static final class Transfer implements Fetch.ProgressListener, AutoCloseable {
    private final ProgressLine line;
    private String shown = "";
    private long before;
    private long began;

    Transfer(Console console) {
      this.line = new ProgressLine(console);
    }

    @Override
    public void progress(String file, long received, long total) {
      if (!file.equals(shown)) {
        close();
        shown = file;
        before = received;
        began = System.nanoTime();
      }
      double perSecond = (received - before) / ((System.nanoTime() - began) / 1e9);
      line.show(
          () ->
              new ProgressLine.Status(
                  total > 0 ? (double) received / total : Double.NaN,
                  List.of(
                      Clock.left(total > 0 ? (total - received) / perSecond : Double.NaN),
                      file,
                      "%,d MB".formatted(received / MEGABYTE),
                      "%,.1f MB/s".formatted(perSecond / MEGABYTE))));
    }

    @Override
    public void close() {
      line.close();
    }
  }

  /** The data sets that {@code --help} lists. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Fetch.names().iterator();
    }
  }

  /** What {@code --json} prints. */
  private record FetchDocument(String name, List<String> files) {}
}
