package org.igcnet.serve;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.eclipse.jetty.http.HttpStatus;

/** What Prometheus is told. */
final class Metrics {
  /** For requests to no endpoint, whose paths anybody can make up. */
  private static final String ELSEWHERE = "other";

  private final PrometheusRegistry registry = new PrometheusRegistry();

  private final Counter requests =
      Counter.builder()
          .name("igcnet_requests_total")
          .help("Requests that were answered.")
          .labelNames("path", "status")
          .register(registry);

  private final Histogram seconds =
      Histogram.builder()
          .name("igcnet_request_seconds")
          .help("From a request's head until its answer is ready.")
          .labelNames("path")
          .classicOnly()
          .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
          .register(registry);

  private final Gauge inFlight =
      Gauge.builder()
          .name("igcnet_requests_in_flight")
          .help("Requests that are being read or computed.")
          .register(registry);

  private final Histogram batches =
      Histogram.builder()
          .name("igcnet_batch_images")
          .help("Images that were computed together.")
          .classicOnly()
          .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
          .register(registry);

  /**
   * Asks for a number whenever it is told.
   *
   * @param queue requests that wait for their turn or are computed
   */
  void watchQueue(IntSupplier queue) {
    GaugeWithCallback.builder()
        .name("igcnet_queue_requests")
        .help("Requests that wait for their turn or are computed.")
        .callback(callback -> callback.call(queue.getAsInt()))
        .register(registry);
  }

  void begun() {
    inFlight.inc();
  }

  void answered(Optional<Endpoint> endpoint, int status, long beganNanos) {
    String path = endpoint.map(Endpoint::template).orElse(ELSEWHERE);
    inFlight.dec();
    requests.labelValues(path, String.valueOf(status)).inc();
    seconds.labelValues(path).observe((System.nanoTime() - beganNanos) / 1e9);
  }

  void computed(int images) {
    batches.observe(images);
  }

  Answer answer() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Answer.of(
        HttpStatus.OK_200, PrometheusTextFormatWriter.CONTENT_TYPE, text.toByteArray());
  }
}
