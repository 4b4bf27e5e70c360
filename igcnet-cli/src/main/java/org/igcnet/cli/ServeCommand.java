package org.igcnet.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.igcnet.backend.Compute;
import org.igcnet.model.Model;
import org.igcnet.serve.ModelService;
import org.igcnet.serve.ServiceSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code igcnet serve}: a model that is asked over HTTP. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Answer over HTTP what pictures show, until Ctrl-C or SIGTERM.",
      "A stop answers what was taken, refuses what comes later, and ends with exit code 0."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} serve runs/a",
      "  ${ROOT-COMMAND-NAME} serve --pretrained igc-l24m2-d8-cifar10",
      "  ${ROOT-COMMAND-NAME} serve runs/a --port 9000 --host 0.0.0.0   other machines may ask",
      "  curl --data-binary @cat.png http://127.0.0.1:8080/classify"
    })
final class ServeCommand implements Callable<Integer>, Remedy.Smaller {
  private static final int MEGABYTE = 1 << 20;
  private static final int MOST_MEGABYTES = 1024;

  @Mixin private final ModelOptions models = new ModelOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = ServiceSettings.LOOPBACK,
      description = "Where to listen; 0.0.0.0 is every address (default: ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port, or 0 for one that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What clients call the model (default: the name of its folder, or its own).")
  private @Nullable String name;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description =
          "Requests that may wait or be computed; others are told to come later (default: ${DEFAULT-VALUE}).")
  private int queue = ServiceSettings.QUEUE;

  @Option(
      names = "--max-body",
      paramLabel = "MB",
      description = "Largest picture, or request of tensors (default: ${DEFAULT-VALUE}).")
  private int maxBody = ServiceSettings.MAX_BODY / MEGABYTE;

  @Option(
      names = "--timeout",
      paramLabel = "S",
      description = "Seconds that a request has, sending included (default: ${DEFAULT-VALUE}).")
  private int timeout = (int) ServiceSettings.TIMEOUT.toSeconds();

  @Mixin private final ComputeOptions compute = new ComputeOptions();

  private final Console console;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Optional<String> smaller() {
    return Optional.of("a smaller --max-body, or fewer --threads,");
  }

  @Override
  public Integer call() throws InterruptedException {
    ModelSource source = models.source();
    ServiceSettings settings = UsageMistake.unless(() -> settings(source));
    Compute threads = Compute.threads(compute.threads());
    Model model = source.read();
    try (ModelService service = ModelService.start(model, settings, threads);
        StopSignals _ = StopSignals.asking(service::stop)) {
      console.out().printf("%s at %s%n", model.architecture(), service.uri());
      console.out().flush();
      service.awaitStop();
    }
    return ExitCode.OK;
  }

  private ServiceSettings settings(ModelSource source) {
    UsageMistake.inRange("--max-body", maxBody, 1, MOST_MEGABYTES);
    return new ServiceSettings(
        name == null ? usualName(source) : name,
        host,
        port,
        queue,
        maxBody * MEGABYTE,
        Duration.ofSeconds(timeout));
  }

  /** With what an address can have. */
  private static String usualName(ModelSource source) {
    return source.name().replaceAll("[^A-Za-z0-9._-]", "-");
  }
}
