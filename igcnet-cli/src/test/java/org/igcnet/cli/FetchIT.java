package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code fetch} from a mirror that sends as much as a test wants, and then nothing. Its file is not
 * the published one, which is large, so that it is refused when it is whole.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FetchIT {
  private static final String FILE = "train_32x32.mat";
  private static final byte[] CONTENT = content();

  /** What takes the line away that says how far it is. */
  private static final String WIPED = "\r\u001b[?7l\u001b[J\u001b[?7h\r";

  /** The Range header of each request, or "all". */
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server = server();
  private volatile int most = CONTENT.length;

  @TempDir Path parent;

  private static byte[] content() {
    byte[] bytes = new byte[3_000_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 1000);
    }
    return bytes;
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    server.setExecutor(threads);
    server.createContext("/svhn/" + FILE, this::send);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.close();
  }

  /** Sends what is asked for as far as byte {@link #most}, and then neither more nor an end. */
  private void send(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    asked.add(range == null ? "all" : range);
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%2$d".formatted(from, CONTENT.length - 1));
    exchange.sendResponseHeaders(range == null ? 200 : 206, CONTENT.length - from);
    exchange.getResponseBody().write(CONTENT, from, most - from);
    exchange.getResponseBody().flush();
    if (most == CONTENT.length) {
      exchange.close();
      return;
    }
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String mirror() {
    return "http://127.0.0.1:%d/svhn".formatted(server.getAddress().getPort());
  }

  private Path to() {
    return parent.resolve("data");
  }

  private Launcher launcher() throws IOException {
    return Launcher.in(Files.createDirectories(parent.resolve("work")))
        .with(Map.of("IGCNET_JAVA_OPTS", "-Digcnet.columns=80"));
  }

  private Process fetch() throws IOException {
    return launcher().start("fetch", "svhn", "--to", to(), "--mirror", mirror());
  }

  @ParameterizedTest
  @EnumSource
  void aSignalLeavesAPartFromWhichTheNextGoesOn(Signal signal) throws Exception {
    assertStops(signal, 1_500_000);
    assertStops(signal, CONTENT.length - 1);
    most = CONTENT.length;
    Finished last = launcher().finish(fetch());
    assertThat(asked).containsExactly("all", "bytes=1500000-", "bytes=2999999-", "all");
    assertThat(last.code()).isEqualTo(1);
    assertThat(last.err())
        .endsWith(
            "igcnet: %s/%s has MD5 %s, but the published file has e26dedcc434d2e4c54c9b2d4a06d8373\n"
                .formatted(
                    mirror(),
                    FILE,
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(CONTENT))));
    assertThat(to()).isEmptyDirectory();
  }

  /** With nothing said, and what has arrived in the part, byte for byte. */
  private void assertStops(Signal signal, int bytes) throws Exception {
    most = bytes;
    Path part = to().resolve(FILE + ".part");
    Process process = fetch();
    launcher().awaitText(process, "err", FILE);
    while (Files.size(part) < bytes) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(5);
    }
    int code = signal.send(process);
    Finished finished = launcher().finish(process);
    assertThat(finished.code()).as(finished.err()).isEqualTo(code);
    assertThat(finished.out()).isEmpty();
    assertThat(finished.err()).endsWith(WIPED).doesNotContain("igcnet: ", "\n");
    assertThat(part).hasBinaryContent(Arrays.copyOf(CONTENT, bytes));
    assertThat(to().toFile().list()).containsExactly(part.getFileName().toString());
  }

  @Test
  void whatIsNoMirrorIsWrongUsage() throws IOException {
    Finished refused =
        launcher().run("fetch", "svhn", "--to", to(), "--mirror", "file:///srv/svhn");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith(
            "igcnet: 'file:///srv/svhn' is no mirror; http://HOST/FOLDER and https://HOST/FOLDER are\nTry ");
    assertThat(to()).doesNotExist();
  }
}
