package org.igcnet.serve;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.igcnet.Reason;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.data.FittedPicture;
import org.igcnet.data.Picture;
import org.igcnet.model.Labels;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.jspecify.annotations.Nullable;

/** What the service answers. */
final class Asked implements AutoCloseable {
  private static final int TOP = 5;

  private final String name;
  private final Architecture architecture;
  private final Model model;
  private final Metrics metrics;
  private final Answer page;
  private final Bodies bodies;
  private final int mostJson;
  private final int mostPicture;
  private final InferRequest.Taken taken;

  /** A place for each request that waits for its turn or is computed. */
  private final Semaphore places;

  /** Decodes and parses: work for cores, which virtual threads would not share fairly. */
  private final ExecutorService readers;

  private final Dispatcher dispatcher;

  private Asked(Model model, ServiceSettings settings, Compute compute, Metrics metrics) {
    this.name = settings.name();
    this.model = model;
    this.architecture = model.architecture();
    this.metrics = metrics;
    this.page = FrontPage.of(name, model);
    this.bodies = Bodies.inHeap(settings.maxBody());
    this.taken = new InferRequest.Taken(architecture.input(), model.normalization());
    this.mostPicture = settings.maxBody();
    this.mostJson = (int) Math.min(settings.maxBody(), taken.mostBytes());
    this.places = new Semaphore(settings.queue());
    this.readers =
        Executors.newFixedThreadPool(
            compute.threads(), Thread.ofPlatform().name("reader-", 0).factory());
    this.dispatcher = Dispatcher.of(model, compute, metrics::computed);
    metrics.watchQueue(() -> settings.queue() - places.availablePermits());
  }

  static Asked of(Model model, ServiceSettings settings, Compute compute, Metrics metrics) {
    return new Asked(model, settings, compute, metrics);
  }

  /**
   * Answers a request whose method is right.
   *
   * @param ready whether the service takes work
   * @throws Refusal where it cannot be done
   * @throws org.igcnet.UserError where a picture is none
   */
  Answer answer(Endpoint endpoint, Request request, boolean ready, Deadline deadline) {
    endpoint.model(Request.getPathInContext(request)).ifPresent(this::requireOwn);
    return switch (endpoint) {
      case PAGE -> page;
      case METRICS -> metrics.answer();
      case SERVER -> Answer.json(new Documents.ServerCard("igcnet", version(), List.of()));
      case LIVE -> Answer.json(new Documents.Live(true));
      case READY -> Answer.json(readiness(ready), new Documents.Ready(ready));
      case MODEL -> Answer.json(Documents.ModelCard.of(name, architecture));
      case MODEL_READY -> Answer.json(readiness(ready), new Documents.ModelReady(name, ready));
      case CLASSIFY -> classify(request, deadline);
      case INFER -> infer(request, deadline);
    };
  }

  private void requireOwn(String asked) {
    if (!asked.equals(name)) {
      throw Refusal.of(
          HttpStatus.NOT_FOUND_404, "there is no such model here, only \"%s\"".formatted(name));
    }
  }

  private static int readiness(boolean ready) {
    return ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
  }

  private static String version() {
    return Origin.runningVersions().getOrDefault("igcnet", "");
  }

  private Answer classify(Request request, Deadline deadline) {
    int top = top(request);
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    requirePlace();
    try (Bodies.Body body = bodies.read(request, mostPicture, deadline)) {
      return placed(
          () -> {
            FittedPicture picture =
                read(() -> fitted(UploadedPicture.of(body.bytes(), type)), deadline);
            float[] logits = await(dispatcher.logits(normalised(picture)), deadline);
            Labels labels = Labels.of(model.classes(), logits, picture.resizing());
            return Answer.json(Documents.Shown.of(labels, top));
          });
    }
  }

  private FittedPicture fitted(byte[] file) {
    return Picture.of(file).fitted(architecture.input(), model.framing());
  }

  private float[] normalised(FittedPicture picture) {
    return model.normalization().applied(picture.values(), architecture.input());
  }

  private static int top(Request request) {
    String top = Optional.ofNullable(query(request).getValue("top")).orElse(String.valueOf(TOP));
    if (!top.matches("[1-9][0-9]{0,8}")) {
      throw Refusal.badRequest("top is a whole number from 1 on, as in /classify?top=5");
    }
    return Integer.parseInt(top);
  }

  private static Fields query(Request request) {
    try {
      return Request.extractQueryParameters(request);
    } catch (RuntimeException unreadable) {
      throw Refusal.badRequest("the query cannot be read: " + Reason.of(unreadable));
    }
  }

  private Answer infer(Request request, Deadline deadline) {
    requireJson(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    requirePlace();
    try (Bodies.Body body = bodies.read(request, mostJson, deadline)) {
      return placed(
          () -> {
            InferRequest asked = read(() -> InferRequest.parse(body.bytes(), taken), deadline);
            List<CompletableFuture<float[]>> computed =
                asked.images().stream().map(dispatcher::logits).toList();
            try {
              List<float[]> logits =
                  computed.stream().map(image -> await(image, deadline)).toList();
              requireFinite(logits);
              return Answer.json(Documents.Inferred.of(name, asked, logits, model.classes()));
            } finally {
              computed.forEach(image -> image.cancel(false));
            }
          });
    }
  }

  /** No class is the best of what is no number, and JSON has no word for it. */
  private static void requireFinite(List<float[]> logits) {
    for (int image = 0; image < logits.size(); image++) {
      for (float logit : logits.get(image)) {
        if (!Float.isFinite(logit)) {
          throw Refusal.badRequest(
              "the values of image %d are so large that the network's numbers overflow"
                  .formatted(image));
        }
      }
    }
  }

  private static void requireJson(@Nullable String type) {
    if (type != null && !type.regionMatches(true, 0, "application/json", 0, 16)) {
      throw Refusal.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "tensors are given as application/json, not as another type; /classify takes pictures");
    }
  }

  /** Before a body is read: one that would be refused is not waited for. */
  private void requirePlace() {
    if (places.availablePermits() == 0) {
      throw full();
    }
  }

  private static Refusal full() {
    return Refusal.busy("as many requests as may wait are waiting; ask again");
  }

  private interface Work {
    Answer answer();
  }

  private Answer placed(Work work) {
    if (!places.tryAcquire()) {
      throw full();
    }
    try {
      return work.answer();
    } finally {
      places.release();
    }
  }

  private <T> T read(Callable<T> work, Deadline deadline) {
    return await(readers.submit(work), deadline);
  }

  /** Waits for what another thread does, which is no longer wanted when the time is over. */
  private static <T> T await(Future<T> done, Deadline deadline) {
    try {
      return done.get(deadline.left(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | CancellationException _) {
      done.cancel(false);
      throw Refusal.busy(
          "it was not this request's turn in the time that a request has; ask again");
    } catch (InterruptedException _) {
      done.cancel(false);
      Thread.currentThread().interrupt();
      throw Refusal.busy("the service is about to stop");
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw new IllegalStateException(failed);
      }
    }
  }

  /** Gives back threads and memory; nobody may be waiting for an answer. */
  @Override
  public void close() {
    readers.shutdownNow();
    dispatcher.close();
  }
}
