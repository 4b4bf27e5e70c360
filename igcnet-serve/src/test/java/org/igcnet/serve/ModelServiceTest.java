package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.Labels.Label;
import org.igcnet.model.Model;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Over real sockets. What takes long or is full is forced by a {@link GatedEngine}. */
@TestInstance(Lifecycle.PER_CLASS)
class ModelServiceTest {
  private static final byte[] PICTURE = Models.png(48, 40, 1);

  /** Longer than any test waits for anything. */
  private static final Duration AMPLE = Duration.ofMinutes(5);

  private static final Duration SHORT = Duration.ofMillis(300);

  private final Model model = Models.small();
  private ModelService service;
  private URI uri;

  @BeforeAll
  void start() {
    service = ModelService.start(model, settings(64, 1 << 20, AMPLE), Compute.threads(2));
    uri = service.uri();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static ServiceSettings settings(int queue, int maxBody, Duration timeout) {
    return new ServiceSettings("small", ServiceSettings.LOOPBACK, 0, queue, maxBody, timeout);
  }

  private ModelService gated(GatedEngine engine, int queue, Duration timeout) {
    return ModelService.start(
        model, settings(queue, 1 << 20, timeout), new Compute(engine, "cpu", 1));
  }

  private static List<Label> labels(JsonNode answer) {
    List<Label> labels = new ArrayList<>();
    for (JsonNode prediction : answer.get("predictions")) {
      labels.add(
          new Label(prediction.get("label").asString(), prediction.get("probability").asDouble()));
    }
    return labels;
  }

  private static String tensors(byte[]... images) {
    StringBuilder data = new StringBuilder();
    for (byte[] image : images) {
      for (byte value : image) {
        data.append(data.isEmpty() ? "" : ",").append(Byte.toUnsignedInt(value));
      }
    }
    return """
        {"id": "42", "inputs": [{"name": "image", "datatype": "UINT8", "shape": [%d,3,32,32], "data": [%s]}]}"""
        .formatted(images.length, data);
  }

  @Test
  void aPictureIsWhatTheLibrarySays() throws IOException {
    Labels expected;
    try (ImageClassifier library = ImageClassifier.of(model)) {
      expected = library.classify(PICTURE);
    }
    Client.Reply reply = Client.post(uri, "/classify", PICTURE);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers()).containsEntry("content-type", "application/json");
    assertThat(labels(reply.json())).isEqualTo(expected.all());
    assertThat(reply.json().get("resized").asString())
        .isEqualTo("48×40, its middle 40×40 resized to 32×32");
    assertThat(labels(Client.post(uri, "/classify?top=2", PICTURE).json()))
        .isEqualTo(expected.top(2));
    String form =
        """
        --x
        Content-Disposition: form-data; name="note"

        hello
        --x
        Content-Disposition: form-data; name="file"; filename="a.png"

        """
            .replace("\n", "\r\n");
    byte[] body =
        bytes(
            form.getBytes(StandardCharsets.US_ASCII),
            PICTURE,
            "\r\n--x--\r\n".getBytes(StandardCharsets.US_ASCII));
    Client.Reply formed =
        Client.ask(uri, "POST", "/classify", "Multipart/Form-Data; boundary=x", body);
    assertThat(labels(formed.json())).isEqualTo(expected.all());
    byte[] cut = Arrays.copyOf(body, body.length - 20);
    assertThat(Client.ask(uri, "POST", "/classify", "multipart/form-data; boundary=x", cut).error())
        .startsWith("the form is broken: ");
    assertThat(Client.ask(uri, "POST", "/classify", "multipart/form-data", body).error())
        .isEqualTo("the form's Content-Type has no boundary");
  }

  private static byte[] bytes(byte[]... parts) {
    byte[] all = new byte[Stream.of(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @Test
  void numbersThatOverflowAreRefusedAndNoLabelIsMadeUp() throws IOException {
    Model large = Models.small();
    int fc = large.weights().offset("fc.weight");
    Arrays.fill(large.weights().values(), fc, large.weights().values().length, 1e10f);
    String values = String.join(",", Collections.nCopies(3 * 32 * 32, "3.4e38"));
    try (ModelService service =
        ModelService.start(large, settings(64, 1 << 20, AMPLE), Compute.threads(1))) {
      Client.Reply reply =
          Client.json(
              service.uri(),
              "/v2/models/small/infer",
              """
              {"inputs": [{"name": "normalised", "datatype": "FP32", "shape": [1,3,32,32], "data": [%s]}]}"""
                  .formatted(values));
      assertThat(reply.status()).as(reply.body()).isEqualTo(400);
      assertThat(reply.error())
          .isEqualTo("the values of image 0 are so large that the network's numbers overflow");
    }
  }

  @Test
  void tensorsAreWhatTheLibrarySays() throws IOException {
    byte[] square = Models.png(32, 32, 2);
    byte[] values =
        org.igcnet.data.Picture.of(square)
            .fitted(model.architecture().input(), model.framing())
            .values();
    Labels expected;
    try (ImageClassifier library = ImageClassifier.of(model)) {
      expected = library.classify(square);
    }
    Client.Reply reply = Client.json(uri, "/v2/models/small/infer", tensors(values, values));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonNode answer = reply.json();
    assertThat(answer.get("model_name").asString()).isEqualTo("small");
    assertThat(answer.get("id").asString()).isEqualTo("42");
    assertThat(answer.get("outputs").findValuesAsString("name"))
        .containsExactly("logits", "probabilities", "label");
    JsonNode probabilities = answer.get("outputs").get(1);
    assertThat(probabilities.get("shape").toString()).isEqualTo("[2,4]");
    assertThat(probabilities.get("datatype").asString()).isEqualTo("FP32");
    for (Label label : expected.all()) {
      int at = Models.CLASSES.indexOf(label.name());
      assertThat(probabilities.get("data").get(at).floatValue())
          .isEqualTo(probabilities.get("data").get(4 + at).floatValue())
          .isEqualTo((float) label.probability());
    }
    assertThat(answer.get("outputs").get(2).get("data").toString())
        .isEqualTo("[\"%1$s\",\"%1$s\"]", expected.best().name());
  }

  @Test
  void whatTheProtocolTellsOfItself() throws IOException {
    assertThat(Client.get(uri, "/v2").json().get("name").asString()).isEqualTo("igcnet");
    assertThat(Client.get(uri, "/v2/health/live").body()).isEqualTo("{\"live\":true}");
    assertThat(Client.get(uri, "/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
    assertThat(Client.get(uri, "/v2/models/small/ready").body())
        .isEqualTo("{\"name\":\"small\",\"ready\":true}");
    JsonNode card = Client.get(uri, "/v2/models/small").json();
    assertThat(card.get("inputs").toString())
        .isEqualTo(
            "[{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[-1,3,32,32]},"
                + "{\"name\":\"normalised\",\"datatype\":\"FP32\",\"shape\":[-1,3,32,32]}]");
    assertThat(card.get("outputs").get(0).toString())
        .isEqualTo("{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[-1,4]}");
    Client.Reply other = Client.get(uri, "/v2/models/large");
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.error()).isEqualTo("there is no such model here, only \"small\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /nowhere | 404 | there is nothing at this path",
        "GET | /classify | 405 | /classify does not take GET, only POST",
        "DELETE | /v2 | 405 | /v2 does not take DELETE, only GET, HEAD",
        "POST | /classify | 415 | the given file is no picture; PNG",
        "POST | /classify?top=0 | 400 | top is a whole number from 1 on",
        "POST | /classify?top=x | 400 | top is a whole number from 1 on",
        "POST | /classify?top=%zz | 400 | the query cannot be read",
        "POST | /v2/models/small/infer | 415 | tensors are given as application/json",
        "POST | /v2/models/large/infer | 404 | there is no such model here",
      })
  void whatIsWrongWithARequestIsSaid(String method, String path, int status, String sentence)
      throws IOException {
    Client.Reply reply =
        Client.ask(uri, method, path, "text/plain", "hello".getBytes(StandardCharsets.US_ASCII));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.error()).startsWith(sentence);
    assertThat(reply.headers().containsKey("allow")).isEqualTo(status == 405);
  }

  @Test
  void aBodyIsReadAsItIsAndNotPacked() throws IOException {
    try (Client client = new Client(uri)) {
      client.send(
          "POST /classify HTTP/1.1\r\nHost: here\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(client.reply().status()).isEqualTo(415);
    }
  }

  /**
   * What is announced, what is sent, and in pieces: all of it is sent before the answer is read.
   */
  @Test
  void whatIsTooLargeIsRefusedAndTheClientHearsIt() throws IOException {
    byte[] large = new byte[(1 << 20) + 1];
    Client.Reply announced = Client.post(uri, "/classify", large);
    assertThat(announced.status()).isEqualTo(413);
    assertThat(announced.error()).isEqualTo("the body of such a request may have 1,048,576 bytes");
    try (Client client = new Client(uri)) {
      client.send(
          "POST /classify HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n"
              .getBytes(StandardCharsets.US_ASCII),
          large,
          "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.reply().status()).isEqualTo(413);
      assertThat(client.ask("POST", "/classify", "image/png", PICTURE).status()).isEqualTo(200);
    }
  }

  @Test
  void headsThatAreNone() throws IOException {
    for (String head :
        List.of(
            "GET / HTTX\r\n\r\n",
            "G@T\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET /../../etc/passwd HTTP/1.1\r\nHost: here\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: here\r\n\r\n",
            "POST /classify HTTP/1.1\r\nHost: here\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: here\r\nX: " + "a".repeat(100_000) + "\r\n\r\n")) {
      try (Client client = new Client(uri)) {
        client.send(head.getBytes(StandardCharsets.US_ASCII));
        assertThat(client.reply().status()).as(head).isIn(400, 431, 505);
      }
    }
    assertThat(Client.get(uri, "/v2/health/live").status()).isEqualTo(200);
  }

  @Test
  void aBodyThatDoesNotComeInTimeIsNotWaitedFor() throws IOException {
    try (ModelService hasty =
            ModelService.start(model, settings(4, 1 << 20, SHORT), Compute.threads(1));
        Client client = new Client(hasty.uri())) {
      client.send(
          Client.head("POST", "/classify", "image/png", PICTURE.length), Arrays.copyOf(PICTURE, 9));
      Client.Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.error()).isEqualTo("the body did not come in the time that a request has");
      assertThat(client.closedByService()).isTrue();
    }
  }

  @Test
  void aHeadThatDoesNotComeInTimeIsNotWaitedFor() throws IOException {
    try (ModelService hasty =
            ModelService.start(model, settings(4, 1 << 20, SHORT), Compute.threads(1));
        Client silent = new Client(hasty.uri());
        Client half = new Client(hasty.uri())) {
      half.send("GET / HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
      assertThat(half.closedByService()).isTrue();
      assertThat(silent.closedByService()).isTrue();
    }
  }

  @Test
  void whereItIsNotItsTurnInTimeItIsToldToAskAgain() throws IOException {
    GatedEngine engine = new GatedEngine();
    try (ModelService stuck = gated(engine, 4, SHORT)) {
      Client.Reply reply = Client.post(stuck.uri(), "/classify", PICTURE);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.headers()).containsEntry("retry-after", "1");
      assertThat(reply.error()).startsWith("it was not this request's turn in the time");
      engine.gate.release(1 << 20);
    }
  }

  @Test
  void whereTheQueueIsFullItIsToldToAskAgain() throws Exception {
    GatedEngine engine = new GatedEngine();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        ModelService full = gated(engine, 1, AMPLE)) {
      Future<Client.Reply> waiting =
          clients.submit(() -> Client.post(full.uri(), "/classify", PICTURE));
      engine.first.await();
      Client.Reply refused = Client.post(full.uri(), "/classify", PICTURE);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "1");
      assertThat(refused.error()).isEqualTo("as many requests as may wait are waiting; ask again");
      assertThat(Client.get(full.uri(), "/metrics").body())
          .contains("igcnet_queue_requests 1.0", "igcnet_requests_in_flight 2.0");
      engine.gate.release(1 << 20);
      assertThat(waiting.get().status()).isEqualTo(200);
      assertThat(Client.post(full.uri(), "/classify", PICTURE).status()).isEqualTo(200);
    }
  }

  @Test
  void aStopAnswersWhatItTookAndRefusesTheRest() throws Exception {
    GatedEngine engine = new GatedEngine();
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
        ModelService stopping = gated(engine, 4, AMPLE)) {
      URI there = stopping.uri();
      Future<Client.Reply> taken = others.submit(() -> Client.post(there, "/classify", PICTURE));
      engine.first.await();
      Future<?> stop = others.submit(stopping::stop);
      Client.Reply ready = Client.get(there, "/v2/health/ready");
      while (ready.status() == 200) {
        ready = Client.get(there, "/v2/health/ready");
      }
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("{\"ready\":false}");
      assertThat(Client.get(there, "/v2/health/live").status()).isEqualTo(200);
      Client.Reply refused = Client.post(there, "/classify", PICTURE);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.error()).isEqualTo("the service is about to stop");
      assertThat(refused.headers())
          .containsEntry("retry-after", "1")
          .containsEntry("connection", "close");
      assertThat(stop.isDone()).isFalse();
      engine.gate.release(1 << 20);
      assertThat(taken.get().status()).isEqualTo(200);
      stop.get();
      stopping.awaitStop();
      assertThatThrownBy(() -> Client.get(there, "/v2/health/live"))
          .isInstanceOfAny(java.net.ConnectException.class, EOFException.class);
    }
  }

  @Test
  void aPortThatIsTakenAndAHostThatIsNone() {
    ServiceSettings same =
        new ServiceSettings("small", ServiceSettings.LOOPBACK, uri.getPort(), 1, 1 << 20, AMPLE);
    assertThatThrownBy(() -> ModelService.start(model, same, Compute.threads(1)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "port %d of 127.0.0.1 is taken by another program; another port, or 0 for any that is free, is right",
            uri.getPort());
    ServiceSettings nowhere =
        new ServiceSettings("small", "no.such.host.invalid", 0, 1, 1 << 20, AMPLE);
    assertThatThrownBy(() -> ModelService.start(model, nowhere, Compute.threads(1)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("there is no host \"no.such.host.invalid\" to listen at");
    assertThatThrownBy(() -> ServiceSettings.local("a/b", 0))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("a model cannot be called \"a/b\"");
  }

  @Test
  void metricsCountByEndpointAndStatus() throws IOException {
    try (ModelService counted =
        ModelService.start(model, settings(4, 1 << 20, AMPLE), Compute.threads(1))) {
      Client.post(counted.uri(), "/classify", PICTURE);
      Client.post(counted.uri(), "/classify", PICTURE);
      Client.post(counted.uri(), "/classify", new byte[1]);
      Client.get(counted.uri(), "/made/up/by/somebody");
      Client.Reply metrics = Client.get(counted.uri(), "/metrics");
      assertThat(metrics.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
      assertThat(metrics.body().lines())
          .contains(
              "igcnet_requests_total{path=\"/classify\",status=\"200\"} 2.0",
              "igcnet_requests_total{path=\"/classify\",status=\"415\"} 1.0",
              "igcnet_requests_total{path=\"other\",status=\"404\"} 1.0",
              "igcnet_request_seconds_count{path=\"/classify\"} 3",
              "igcnet_batch_images_bucket{le=\"1.0\"} 2",
              "igcnet_batch_images_sum 2.0",
              "igcnet_queue_requests 0.0");
      assertThat(metrics.body()).doesNotContain("somebody");
    }
  }
}
