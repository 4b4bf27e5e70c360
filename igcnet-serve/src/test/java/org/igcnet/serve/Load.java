package org.igcnet.serve;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.igcnet.backend.Compute;
import org.igcnet.data.Picture;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.Model;
import tools.jackson.databind.JsonNode;

/**
 * Many clients at a service, sound requests and broken ones, and each sound answer compared with
 * the library's. {@code build/load} runs {@link #main}; a test does a little of the same.
 */
final class Load {
  private static final int CLIENTS = 16;
  private static final int PICTURES = 40;

  /** Of so many requests one is broken, oversized or cut, each in its turn. */
  private static final int SPOILED = 10;

  private static final int MAX_BODY = 1 << 20;

  private final Model model;
  private final URI service;
  private final List<byte[]> pictures;
  private final List<String> tensors = new ArrayList<>();
  private final List<Labels> expected;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger sound = new AtomicInteger();
  private final AtomicInteger spoiled = new AtomicInteger();

  Load(Model model, URI service) {
    this.model = model;
    this.service = service;
    this.pictures = pictures();
    try (ImageClassifier library = ImageClassifier.of(model)) {
      this.expected = pictures.stream().map(library::classify).toList();
    }
    for (byte[] picture : pictures) {
      byte[] values =
          Picture.of(picture).fitted(model.architecture().input(), model.framing()).values();
      String data =
          IntStream.range(0, values.length)
              .mapToObj(i -> String.valueOf(Byte.toUnsignedInt(values[i])))
              .reduce(
                  new StringBuilder(),
                  (text, v) -> text.append(text.isEmpty() ? "" : ",").append(v),
                  StringBuilder::append)
              .toString();
      tensors.add(
          "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[1,3,32,32],\"data\":["
              + data
              + "]}]}");
    }
  }

  private static List<byte[]> pictures() {
    return IntStream.range(0, PICTURES).mapToObj(i -> Models.png(40 + i, 48, i)).toList();
  }

  static ServiceSettings settings() {
    return new ServiceSettings(
        "load", ServiceSettings.LOOPBACK, 0, 64, MAX_BODY, Duration.ofMinutes(5));
  }

  int sound() {
    return sound.get();
  }

  int spoiled() {
    return spoiled.get();
  }

  /**
   * Asks until so many requests were made.
   *
   * @throws AssertionError where an answer is not the library's, or a broken request is not refused
   */
  void run(int requests) throws InterruptedException, ExecutionException {
    int end = next.get() + requests;
    together(
        CLIENTS,
        () -> {
          ask(end);
          return null;
        });
    next.set(end);
  }

  private static void together(int threads, Callable<?> work)
      throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Future<?> done : pool.invokeAll(Collections.nCopies(threads, work))) {
        done.get();
      }
    }
  }

  private void ask(int end) throws IOException {
    try (Client client = new Client(service)) {
      for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
        if (i % SPOILED == 0) {
          spoil(i / SPOILED);
          spoiled.incrementAndGet();
        } else {
          sound(client, i);
          sound.incrementAndGet();
        }
      }
    }
  }

  private void sound(Client client, int i) throws IOException {
    int picture = i % PICTURES;
    if (i % 4 == 1) {
      byte[] body = tensors.get(picture).getBytes(StandardCharsets.US_ASCII);
      Client.Reply reply = client.ask("POST", "/v2/models/load/infer", "application/json", body);
      requireSame(picture, reply, reply.json());
    } else {
      Client.Reply reply = client.ask("POST", "/classify", "image/png", pictures.get(picture));
      JsonNode first = reply.json().path("predictions").path(0);
      Labels.Label best = expected.get(picture).best();
      require(
          first.path("label").asString("").equals(best.name())
              && first.path("probability").asDouble(-1) == best.probability(),
          reply);
    }
  }

  private void requireSame(int picture, Client.Reply reply, JsonNode answer) {
    JsonNode probabilities = answer.path("outputs").path(1).path("data");
    for (Labels.Label label : expected.get(picture).all()) {
      int at = model.classes().indexOf(label.name());
      require(probabilities.path(at).floatValue() == (float) label.probability(), reply);
    }
  }

  private static void require(boolean right, Client.Reply reply) {
    if (!right) {
      throw new AssertionError("not the library's answer: " + reply);
    }
  }

  private void spoil(int kind) throws IOException {
    byte[] picture = pictures.get(kind % PICTURES);
    byte[] half = Arrays.copyOf(picture, picture.length / 2);
    try (Client client = new Client(service)) {
      switch (kind % 6) {
        case 0 -> requireStatus(415, client.ask("POST", "/classify", "image/png", half));
        case 1 -> requireStatus(413, client.ask("POST", "/classify", "", new byte[MAX_BODY + 1]));
        case 2 -> client.send(Client.head("POST", "/classify", "", picture.length), half);
        case 3 -> client.send("POST /classify HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
        case 4 ->
            requireStatus(
                400, client.ask("POST", "/v2/models/load/infer", "application/json", half));
        default -> {
          client.send("<nonsense>\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          requireStatus(400, client.reply());
        }
      }
    } catch (SocketException cutByService) {
      throw new AssertionError("a refusal was not heard", cutByService);
    }
  }

  private static void requireStatus(int status, Client.Reply reply) {
    if (reply.status() != status) {
      throw new AssertionError("not refused with %d: %s".formatted(status, reply));
    }
  }

  /** Sound requests alone. Returns pictures a second. */
  private double served(int requests) throws InterruptedException, ExecutionException {
    AtomicInteger asked = new AtomicInteger();
    long began = System.nanoTime();
    together(
        CLIENTS,
        () -> {
          try (Client client = new Client(service)) {
            for (int i = asked.getAndIncrement(); i < requests; i = asked.getAndIncrement()) {
              client.ask("POST", "/classify", "image/png", pictures.get(i % PICTURES));
            }
          }
          return null;
        });
    return requests / ((System.nanoTime() - began) / 1e9);
  }

  /** The library's own, with the same pictures and threads. */
  private double own(ImageClassifier library, int requests)
      throws InterruptedException, ExecutionException {
    AtomicInteger asked = new AtomicInteger();
    long began = System.nanoTime();
    together(
        library.threads(),
        () -> {
          for (int i = asked.getAndIncrement(); i < requests; i = asked.getAndIncrement()) {
            library.classify(pictures.get(i % PICTURES));
          }
          return null;
        });
    return requests / ((System.nanoTime() - began) / 1e9);
  }

  private static double usedMegabytes() {
    System.gc();
    Runtime java = Runtime.getRuntime();
    return (java.totalMemory() - java.freeMemory()) / 1e6;
  }

  /**
   * {@code [REQUESTS [THREADS [NETWORK DEPTH]]]}: asks so often, and says what memory and speed
   * became of it.
   */
  @SuppressWarnings("SystemOut") // a program of its own
  public static void main(String[] arguments) throws Exception {
    int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int threads =
        arguments.length > 1
            ? Integer.parseInt(arguments[1])
            : Runtime.getRuntime().availableProcessors();
    String network = arguments.length > 2 ? arguments[2] : "IGC-L24M2";
    int depth = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 20;
    Model model = Models.of(network, depth, Models.CLASSES);
    System.out.printf("%s, %d threads, %d clients%n", model.architecture(), threads, CLIENTS);
    try (ModelService service = ModelService.start(model, settings(), Compute.threads(threads));
        ImageClassifier library = ImageClassifier.of(model, Compute.threads(threads))) {
      Load load = new Load(model, service.uri());
      for (int part = 1; part <= 5; part++) {
        load.run(requests / 5);
        System.out.printf(
            Locale.ROOT,
            "%,7d requests, %,d of them spoiled: all as they should be; heap %.1f MB after collection%n",
            load.sound() + load.spoiled(),
            load.spoiled(),
            usedMegabytes());
      }
      int round = Math.max(200, requests / 4);
      List<Double> shares = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        double own = load.own(library, round);
        double served = load.served(round);
        shares.add(100 * served / own);
        System.out.printf(
            Locale.ROOT,
            "pictures a second: library %.0f, service %.0f, %.0f%%%n",
            own,
            served,
            100 * served / own);
      }
      System.out.printf(
          Locale.ROOT, "median %.0f%% of the library%n", shares.stream().sorted().toList().get(2));
    }
  }
}
