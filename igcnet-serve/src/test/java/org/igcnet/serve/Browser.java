package org.igcnet.serve;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page in a headless Chromium, which is told by its DevTools protocol what to do. Tests are
 * skipped where none is installed.
 */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final String LISTENING = "DevTools listening on ";
  private static final long LONGEST_SECONDS = 120;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket page;
  private final AtomicInteger asked = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  private Browser(Process process, URI devTools) throws IOException, InterruptedException {
    this.process = process;
    URI list = URI.create("http://%s/json/list".formatted(devTools.getAuthority()));
    JsonNode targets =
        JsonMapper.shared()
            .readTree(
                http.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body());
    String address = targets.get(0).get("webSocketDebuggerUrl").asString();
    this.page = http.newWebSocketBuilder().buildAsync(URI.create(address), new Listener()).join();
  }

  /** Loads a page, and waits until its script has run. */
  static Browser at(URI address, Path profile) throws IOException, InterruptedException {
    Optional<Path> installed = find();
    assumeTrue(installed.isPresent(), () -> "no headless browser: none of " + NAMES);
    Process process =
        new ProcessBuilder(
                installed.orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    try {
      Browser browser = new Browser(process, devTools(process));
      browser.tell("Log.enable", Map.of());
      browser.tell("Runtime.enable", Map.of());
      browser.tell("Page.navigate", Map.of("url", address.toString()));
      browser.awaitScript();
      return browser;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private void awaitScript() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!scriptHasRun()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the page's script did not run");
      }
      Thread.sleep(10);
    }
  }

  /** Asked from outside: on its way to the page the browser drops what a page before it awaits. */
  private boolean scriptHasRun() {
    try {
      return tell(
              "Runtime.evaluate",
              Map.of(
                  "expression",
                  "document.documentElement?.dataset.ready === 'yes'",
                  "returnByValue",
                  true))
          .path("result")
          .path("value")
          .asBoolean(false);
    } catch (IllegalStateException betweenPages) {
      return false;
    }
  }

  private static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static URI devTools(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
        return URI.create(line.substring(LISTENING.length()).strip());
      }
    }
    throw new IOException("the browser ended");
  }

  private JsonNode tell(String method, Map<String, Object> parameters) {
    int id = asked.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    page.sendText(
            JsonMapper.shared()
                .writeValueAsString(Map.of("id", id, "method", method, "params", parameters)),
            true)
        .join();
    JsonNode result = answer.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
    if (result.has("error")) {
      throw new IllegalStateException(method + ": " + result);
    }
    return result.get("result");
  }

  /**
   * The value of an expression, in which {@code until(condition)} waits and {@code at(id)} finds.
   */
  JsonNode evaluate(String expression) {
    String whole =
        """
        (async () => {
          const at = id => document.getElementById(id);
          const until = async yes => { while (!yes()) await new Promise(r => setTimeout(r, 5)); };
          return await (%s);
        })()"""
            .formatted(expression);
    JsonNode result =
        tell(
            "Runtime.evaluate",
            Map.of("expression", whole, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(result.toString());
    }
    return result.get("result").path("value");
  }

  /** What the browser complained of: errors of scripts, what the page's policy forbade. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(JsonMapper.shared().readTree(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    private void heard(JsonNode message) {
      String method = message.path("method").asString("");
      if (message.has("id")) {
        Optional.ofNullable(answers.remove(message.get("id").asInt()))
            .ifPresent(answer -> answer.complete(message));
      } else if (method.equals("Log.entryAdded") || method.equals("Runtime.exceptionThrown")) {
        complaints.add(message.toString());
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.destroyForcibly().onExit().join();
  }
}
