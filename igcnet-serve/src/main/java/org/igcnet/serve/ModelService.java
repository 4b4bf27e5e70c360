package org.igcnet.serve;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.backend.Compute;
import org.igcnet.model.Model;

/**
 * A model that is asked over HTTP: by the Open Inference Protocol, version 2, with pictures, and on
 * a page. It begins to listen when it is made.
 *
 * <pre>{@code
 * Model model = ModelFolder.read(Path.of("runs/a"));
 * ServiceSettings settings = ServiceSettings.local("a", 8080);
 * try (ModelService service = ModelService.start(model, settings, Compute.allCores())) {
 *   service.awaitStop();
 * }
 * }</pre>
 */
public final class ModelService implements AutoCloseable {
  /** For selectors and what never waits; requests have virtual threads. */
  private static final int OWN_THREADS = 16;

  /** How long a connection may be silent while its request is at work. */
  private static final int SILENT_TIMES = 3;

  private static final System.Logger LOGGER = System.getLogger("org.igcnet.serve");

  private final ServiceSettings settings;
  private final Metrics metrics = new Metrics();
  private final Gate work = new Gate();
  private final Asked asked;
  private final Server server;
  private final ServerConnector connector;
  private final HeadTimer heads;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private ModelService(Model model, ServiceSettings settings, Compute compute) {
    this.settings = settings;
    QueuedThreadPool threads = new QueuedThreadPool(OWN_THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.timeout().toMillis() * SILENT_TIMES);
    heads = new HeadTimer(server.getScheduler(), settings.timeout());
    connector.addBean(heads);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(ServiceSettings.CONNECTIONS, connector));
    server.setErrorHandler(ModelService::refused);
    server.setHandler(new Requests());
    open();
    asked = asked(model, compute);
  }

  private Asked asked(Model model, Compute compute) {
    try {
      return Asked.of(model, settings, compute, metrics);
    } catch (RuntimeException | Error e) {
      connector.close();
      throw e;
    }
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    return configuration;
  }

  /** Takes the port, before anything costs memory. */
  private void open() {
    try {
      if (InetAddress.getAllByName(settings.host()).length > 0) {
        connector.open();
      }
    } catch (UnknownHostException e) {
      throw new UserError(
          Kind.VALUE,
          "there is no host \"%s\" to listen at; %s is this machine alone, 0.0.0.0 all of its addresses"
              .formatted(settings.host(), ServiceSettings.LOOPBACK),
          e);
    } catch (IOException e) {
      throw new UserError(Kind.ACCESS, unopened(e), e);
    }
  }

  private String unopened(IOException e) {
    Throwable cause = e.getCause() instanceof BindException bind ? bind : e;
    boolean taken = String.valueOf(cause.getMessage()).contains("in use");
    return taken
        ? "port %d of %s is taken by another program; another port, or 0 for any that is free, is right"
            .formatted(settings.port(), settings.host())
        : "port %d of %s cannot be listened at: %s"
            .formatted(settings.port(), settings.host(), Reason.of(cause));
  }

  /**
   * Begins to listen.
   *
   * @param model the model, whose weights are copied
   * @param settings what it may use
   * @param compute what runs the network
   * @return the service, to be closed
   * @throws UserError where its port is taken, or memory is too small
   */
  public static ModelService start(Model model, ServiceSettings settings, Compute compute) {
    ModelService service = new ModelService(model, settings, compute);
    try {
      service.server.start();
      return service;
    } catch (Exception e) {
      service.stop();
      throw new UserError(Kind.ACCESS, "the service does not start: %s".formatted(Reason.of(e)), e);
    }
  }

  /** {@return where it listens, as a browser on this machine finds it} */
  public URI uri() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return URI.create("http://%s:%d/".formatted(host, connector.getLocalPort()));
  }

  /**
   * Refuses what comes from now on, answers what it has taken, then ends. Returns when that is
   * done, which takes as long as a request may take at most.
   */
  public void stop() {
    work.shut();
    try {
      work.awaitEmpty(Deadline.in(settings.timeout().plus(Duration.ofSeconds(1))));
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOGGER.log(System.Logger.Level.WARNING, "the service does not stop: " + Reason.of(e));
    } finally {
      asked.close();
      stopped.countDown();
    }
  }

  /**
   * Waits until it was stopped, by another thread.
   *
   * @throws InterruptedException where the waiting thread is interrupted
   */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  @Override
  public void close() {
    if (stopped.getCount() > 0) {
      stop();
    }
  }

  /** Where what arrives begins and ends, each request on a virtual thread of its own. */
  private final class Requests extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      long began = System.nanoTime();
      EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
      heads.arrived(client);
      Request.addCompletionListener(request, _ -> heads.expect(client));
      Optional<Endpoint> endpoint = Endpoint.at(Request.getPathInContext(request));
      boolean taken = endpoint.filter(Endpoint::computes).isPresent() && work.enter();
      metrics.begun();
      Deadline deadline = Deadline.in(settings.timeout());
      Answer answer = answer(request, endpoint, taken, deadline);
      metrics.answered(endpoint, answer.status(), began);
      try {
        write(request, response, answer, deadline);
        callback.succeeded();
      } catch (IOException gone) {
        callback.failed(gone);
      } finally {
        if (taken) {
          work.leave();
        }
      }
      return true;
    }
  }

  private Answer answer(
      Request request, Optional<Endpoint> endpoint, boolean taken, Deadline deadline) {
    try {
      Endpoint known =
          endpoint.orElseThrow(
              () -> Refusal.of(HttpStatus.NOT_FOUND_404, "there is nothing at this path"));
      if (!known.allows(request.getMethod())) {
        throw Refusal.notAllowed(
            "%s does not take %s, only %s"
                .formatted(known.template(), request.getMethod(), known.allowed()),
            known.allowed());
      }
      if (known.computes() && !taken) {
        throw Refusal.busy("the service is about to stop");
      }
      return asked.answer(known, request, !work.isShut(), deadline);
    } catch (Refusal refusal) {
      return refusal.answer();
    } catch (UserError error) {
      return Refusal.of(error).answer();
    } catch (RuntimeException | Error unforeseen) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "%s could not be answered: %s".formatted(request.getHttpURI().getPath(), unforeseen),
          unforeseen);
      return refusal(unforeseen).answer();
    }
  }

  private static Refusal refusal(Throwable unforeseen) {
    return unforeseen instanceof OutOfMemoryError
        ? Refusal.busy("there is no memory for this request at the moment; ask again")
        : Refusal.of(
            HttpStatus.INTERNAL_SERVER_ERROR_500,
            "this should not have happened; its log says what");
  }

  private void write(Request request, Response response, Answer answer, Deadline deadline)
      throws IOException {
    put(response, answer);
    boolean unread = answer.status() >= HttpStatus.BAD_REQUEST_400 && request.getLength() != 0;
    if (work.isShut() || answer.status() == HttpStatus.REQUEST_TIMEOUT_408) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    Content.Sink.write(response, true, answer.body().duplicate());
    if (unread && !request.getHeaders().contains(HttpHeader.EXPECT)) {
      Bodies.discard(request, deadline);
    }
  }

  private static void put(Response response, Answer answer) {
    response.setStatus(answer.status());
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, answer.type());
    headers.put(HttpHeader.CONTENT_LENGTH, answer.body().remaining());
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    for (Map.Entry<String, String> header : answer.headers().entrySet()) {
      headers.put(header.getKey(), header.getValue());
    }
  }

  /** What the server itself refuses: heads that are none, or too long. */
  private static boolean refused(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Answer answer =
        Refusal.of(status, "the request is refused: " + HttpStatus.getMessage(status)).answer();
    put(response, answer);
    response.write(true, answer.body().duplicate(), callback);
    return true;
  }
}
