package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.igcnet.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FetchTest {
  private static final byte[] CONTENT = content();

  private final Fetch fetch = patient(Duration.ofSeconds(5));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** The Range header of each request, or "all". */
  private final List<String> asked = new ArrayList<>();

  @TempDir Path outside;
  private Path to = Path.of("");
  private HttpServer server = server();

  private static Fetch patient(Duration silence) {
    return new Fetch(new Download(silence, Duration.ofMillis(1)));
  }

  private static byte[] content() {
    byte[] bytes = new byte[300_000];
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
    to = outside.resolve("to");
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Has the server answer for {@code /name}. */
  private URI serve(String name, HttpHandler handler) {
    server.createContext(
        "/" + name,
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          asked.add(range == null ? "all" : range);
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return URI.create("http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), name));
  }

  private static void sendAll(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
  }

  /** Sends the range that was asked for, but breaks off after {@code most} bytes. */
  private static void sendRange(HttpExchange exchange, byte[] content, int most)
      throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
    exchange.getResponseBody().write(content, from, Math.min(most, content.length - from));
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static RemoteFile plain(URI uri) {
    return RemoteFile.plain(uri, md5(CONTENT), 1_000_000);
  }

  private Path fetch(RemoteFile file) {
    return fetch.fetch(file, to, (_, _, _) -> {});
  }

  private void assertRefused(RemoteFile file, String message) {
    assertThatThrownBy(() -> fetch(file)).isInstanceOf(UserError.class).hasMessage(message);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.walk(outside)) {
      return files
          .filter(path -> !path.equals(outside) && !path.equals(to))
          .map(path -> outside.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aFileArrivesWhole() throws IOException {
    URI uri = serve("data.mat", exchange -> sendAll(exchange, CONTENT));
    List<Long> progress = new ArrayList<>();
    Path file =
        fetch.fetch(
            plain(uri),
            to,
            (name, received, total) -> {
              assertThat(name).isEqualTo("data.mat");
              assertThat(total).isEqualTo(CONTENT.length);
              progress.add(received);
            });
    assertThat(file).isEqualTo(to.resolve("data.mat")).hasBinaryContent(CONTENT);
    assertThat(progress).isSorted().endsWith((long) CONTENT.length);
    assertThat(left()).containsExactly("to/data.mat");
  }

  @Test
  void whatIsThereIsNotFetchedAgain() {
    URI uri = serve("data.mat", exchange -> sendAll(exchange, CONTENT));
    fetch(plain(uri));
    fetch(plain(uri));
    assertThat(asked).containsExactly("all");
  }

  @Test
  void aBrokenTransferGoesOnWhereItBroke() throws IOException {
    URI uri = serve("data.mat", exchange -> sendRange(exchange, CONTENT, 100_000));
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertGoesOn(100_000);
    assertThat(left()).containsExactly("to/data.mat");
  }

  /** Of what a server sends before it breaks off, the client may lose what it has not taken yet. */
  private void assertGoesOn(int most) {
    assertThat(asked).first().isEqualTo("all");
    int before = 0;
    for (String range : asked.subList(1, asked.size())) {
      int from = Integer.parseInt(range.replaceAll("\\D", ""));
      assertThat(from).isBetween(before + most / 2, before + most);
      before = from;
    }
    assertThat(before).isGreaterThanOrEqualTo(CONTENT.length - most);
  }

  @Test
  void theNextCommandGoesOnToo() throws IOException {
    URI uri = serve("data.mat", exchange -> sendRange(exchange, CONTENT, 40_000));
    assertThatThrownBy(() -> fetch(plain(uri)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("the transfer of %s broke off after ", uri)
        .hasMessageEndingWith("); the same command goes on from there");
    assertThat(left()).containsExactly("to/data.mat.part");
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertGoesOn(40_000);
    assertThat(left()).containsExactly("to/data.mat");
  }

  @Test
  void aServerWithoutRangesSendsEverythingAgain() throws IOException {
    Files.createDirectories(to);
    Files.write(to.resolve("data.mat.part"), Arrays.copyOf(CONTENT, 1000));
    URI uri = serve("data.mat", exchange -> sendAll(exchange, CONTENT));
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertThat(asked).containsExactly("bytes=1000-");
  }

  @Test
  void aPartOfSomethingElseIsThrownAway() throws IOException {
    Files.createDirectories(to);
    Files.write(to.resolve("data.mat.part"), new byte[1000]);
    URI uri = serve("data.mat", exchange -> sendRange(exchange, CONTENT, 1_000_000));
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertThat(asked).containsExactly("bytes=1000-", "all");
  }

  @Test
  void aPartThatIsCompleteIsAllThatIsNeeded() throws IOException {
    Files.createDirectories(to);
    Files.write(to.resolve("data.mat.part"), CONTENT);
    URI uri = serve("data.mat", exchange -> sendRange(exchange, CONTENT, 1_000_000));
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertThat(asked).containsExactly("bytes=300000-");
  }

  @Test
  void aRangeThatWasNotAskedForIsNotUsed() throws IOException {
    Files.createDirectories(to);
    Files.write(to.resolve("data.mat.part"), Arrays.copyOf(CONTENT, 1000));
    URI uri =
        serve(
            "data.mat",
            exchange -> {
              if (exchange.getRequestHeaders().containsKey("Range")) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
                exchange.sendResponseHeaders(206, CONTENT.length);
                exchange.getResponseBody().write(CONTENT);
              } else {
                sendAll(exchange, CONTENT);
              }
            });
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertThat(asked).containsExactly("bytes=1000-", "all");
  }

  @Test
  void aSilentServerIsNotWaitedForForever() throws IOException {
    URI uri =
        serve(
            "data.mat",
            exchange -> {
              if (asked.size() > 1) {
                sendRange(exchange, CONTENT, 1_000_000);
                return;
              }
              exchange.sendResponseHeaders(200, CONTENT.length);
              exchange.getResponseBody().write(CONTENT, 0, 50_000);
              exchange.getResponseBody().flush();
              sleep(5_000);
            });
    Path file = patient(Duration.ofMillis(500)).fetch(plain(uri), to, (_, _, _) -> {});
    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(asked).containsExactly("all", "bytes=50000-");
  }

  @Test
  void aServerThatDripsIsNotWaitedForForever() throws IOException {
    URI uri =
        serve(
            "data.mat",
            exchange -> {
              if (asked.size() > 1) {
                sendRange(exchange, CONTENT, 1_000_000);
                return;
              }
              exchange.sendResponseHeaders(200, CONTENT.length);
              for (int i = 0; i < CONTENT.length; i++) {
                exchange.getResponseBody().write(CONTENT, i, 1);
                exchange.getResponseBody().flush();
                sleep(10);
              }
            });
    Path file = patient(Duration.ofMillis(500)).fetch(plain(uri), to, (_, _, _) -> {});
    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(asked).hasSize(2);
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aWrongChecksumIsRefused() throws IOException {
    byte[] other = CONTENT.clone();
    other[77]++;
    URI uri = serve("data.mat", exchange -> sendAll(exchange, other));
    assertRefused(
        plain(uri),
        "%s has MD5 %s, but the published file has %s".formatted(uri, md5(other), md5(CONTENT)));
    assertThat(left()).isEmpty();
  }

  @Test
  void tooLargeAFileIsRefusedWhenItIsAnnounced() throws IOException {
    URI uri = serve("data.mat", exchange -> sendAll(exchange, CONTENT));
    assertRefused(
        RemoteFile.plain(uri, md5(CONTENT), 299_999),
        uri + " has 300,000 bytes or more, but the published file has at most 299,999");
    assertThat(left()).isEmpty();
  }

  @Test
  void tooLargeAFileIsRefusedWhileItArrives() throws IOException {
    URI uri =
        serve(
            "data.mat",
            exchange -> {
              exchange.sendResponseHeaders(200, 0); // of any length
              exchange.getResponseBody().write(CONTENT);
            });
    assertThatThrownBy(() -> fetch(RemoteFile.plain(uri, md5(CONTENT), 100_000)))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(".* has [\\d,]+ bytes or more, .* at most 100,000");
    assertThat(left()).isEmpty();
  }

  @Test
  void anAnswerThatIsNoFileIsPassedOn() throws IOException {
    URI uri = serve("data.mat", exchange -> exchange.sendResponseHeaders(404, -1));
    assertRefused(plain(uri), uri + ": the server answered 404 instead of sending the file");
    assertThat(asked).hasSize(1);
    assertThat(left()).isEmpty();
  }

  @Test
  void aServerInTroubleIsAskedAgain() {
    URI uri =
        serve(
            "data.mat",
            exchange -> {
              if (asked.size() < 3) {
                exchange.sendResponseHeaders(503, -1);
              } else {
                sendAll(exchange, CONTENT);
              }
            });
    assertThat(fetch(plain(uri))).hasBinaryContent(CONTENT);
    assertThat(asked).hasSize(3);
  }

  @Test
  void noServerIsSaidPlainly() {
    URI uri = serve("data.mat", exchange -> sendAll(exchange, CONTENT));
    server.stop(0);
    assertThatThrownBy(() -> fetch(plain(uri)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("nothing of %s arrived (", uri);
  }

  @Test
  void unknownNamesAndPlacesAreRefused() throws IOException {
    assertThatThrownBy(() -> Fetch.fetch("mnist", to, (_, _, _) -> {}))
        .isInstanceOf(UserError.class)
        .hasMessage("unknown data set 'mnist'; there are cifar10, cifar100, svhn");
    Files.writeString(to, "in the way");
    assertThatThrownBy(
            () -> fetch(plain(serve("data.mat", exchange -> sendAll(exchange, CONTENT)))))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("'%s' cannot be written: ", to.resolve("data.mat"));
  }

  // ---- archives ----

  /** Writes the entries of an archive. */
  @FunctionalInterface
  private interface Entries {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private static byte[] tarGz(Entries entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      entries.write(tar);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String name) throws IOException {
    put(tar, name, name.getBytes(StandardCharsets.UTF_8));
  }

  private RemoteFile archive(byte[] content) {
    URI uri = serve("set.tar.gz", exchange -> sendAll(exchange, content));
    return RemoteFile.archive(uri, md5(content), 1_000_000, "set", 1_000_000);
  }

  @Test
  void anArchiveIsUnpackedInPlace() throws IOException {
    byte[] archive =
        tarGz(
            tar -> {
              tar.putArchiveEntry(new TarArchiveEntry("set/"));
              tar.closeArchiveEntry();
              put(tar, "set/one.bin", CONTENT);
              put(tar, "set/deep/readme.html~");
            });
    Path folder = fetch(archive(archive));
    assertThat(folder).isEqualTo(to.resolve("set"));
    assertThat(folder.resolve("one.bin")).hasBinaryContent(CONTENT);
    assertThat(folder.resolve("deep/readme.html~")).hasContent("set/deep/readme.html~");
    assertThat(left())
        .containsExactly(
            "to/set",
            "to/set/checksums.md5",
            "to/set/deep",
            "to/set/deep/readme.html~",
            "to/set/one.bin");
  }

  @Test
  void whatAKilledProcessHadUnpackedIsTakenAway() throws IOException {
    Files.createDirectories(to.resolve("set.part/set/deep"));
    Files.write(to.resolve("set.part/set/deep/half.bin"), CONTENT);
    fetch(archive(tarGz(tar -> put(tar, "set/one.bin", CONTENT))));
    assertThat(left()).containsExactly("to/set", "to/set/checksums.md5", "to/set/one.bin");
  }

  @Test
  void aMirrorHoldsTheSameFilesUnderTheirNames() {
    RemoteFile published = plain(URI.create("https://example.org/data/train%20set.mat?v=1"));
    URI mirrored = serve("mirror/train%20set.mat", exchange -> sendAll(exchange, CONTENT));
    Mirror mirror = Mirror.of(mirrored.resolve(".").toString().replaceFirst("/$", ""));
    assertThat(mirror.of(published)).isEqualTo(plain(mirrored));
  }

  @Test
  void whatAMirrorSendsIsCheckedAgainstThePublishedChecksum() throws IOException {
    serve("mirror/train_32x32.mat", exchange -> sendAll(exchange, CONTENT));
    String mirror = "http://127.0.0.1:%d/mirror/".formatted(server.getAddress().getPort());
    assertThatThrownBy(() -> Fetch.fetch("svhn", Mirror.of(mirror), to, (_, _, _) -> {}))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "%strain_32x32.mat has MD5 %s, but the published file has e26dedcc434d2e4c54c9b2d4a06d8373",
            mirror, md5(CONTENT));
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data",
        "file:///data",
        "ftp://example.org/",
        "https:///data",
        "//example.org/data",
        "https://example.org/data?file=",
        "https://example.org/#data",
        "https://me@example.org/",
        "https://example.org/a b"
      })
  void whatIsNoFolderOfTheWebIsNoMirror(String address) {
    assertThatThrownBy(() -> Mirror.of(address))
        .isInstanceOf(UserError.class)
        .hasMessage("'%s' is no mirror; http://HOST/FOLDER and https://HOST/FOLDER are", address);
  }

  @Test
  void whatIsThereIsKeptIfItIsWhatWasPublished() throws IOException {
    RemoteFile set = archive(tarGz(tar -> put(tar, "set/one.bin", CONTENT)));
    RemoteFile plain =
        RemoteFile.plain(
            serve("plain", exchange -> sendAll(exchange, CONTENT)), md5(CONTENT), 1_000_000);
    fetch(set);
    fetch(plain);
    assertThat(asked).hasSize(2);
    fetch(set);
    fetch(plain);
    assertThat(asked).hasSize(2);
    Files.write(to.resolve("set/one.bin"), new byte[CONTENT.length]);
    Files.write(to.resolve("plain"), new byte[CONTENT.length]);
    assertThatThrownBy(() -> fetch(set))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("does not hold what was downloaded, as checksums.md5 in it tells");
    assertThatThrownBy(() -> fetch(plain))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is not the published file, whose MD5 is " + md5(CONTENT));
    Files.delete(to.resolve("set/checksums.md5"));
    assertThatThrownBy(() -> fetch(set))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is there, but without the checksums.md5");
    assertThat(asked).hasSize(2);
  }

  @Test
  void entriesOutsideTheFolderAreRefused() throws IOException {
    for (String name :
        List.of(
            "set/../../evil",
            "../evil",
            "/evil",
            "//set/evil",
            "evil",
            "set/..",
            "set\\..\\..\\evil",
            "set/C:/evil",
            "set//evil",
            "set/./evil",
            "set/a\nb",
            "settle/evil",
            "set/" + "x".repeat(300))) {
      byte[] archive =
          tarGz(
              tar -> {
                put(tar, "set/good");
                put(tar, name);
              });
      assertThatThrownBy(() -> fetch(archive(archive)), name)
          .isInstanceOf(UserError.class)
          .hasMessage("set.tar.gz is refused: it has '%s', which is not in 'set/'", name);
      assertThat(left()).as(name).isEmpty();
      server.removeContext("/set.tar.gz");
    }
  }

  @Test
  void linksAndDevicesAreRefused() throws IOException {
    for (byte kind :
        new byte[] {
          TarConstants.LF_SYMLINK,
          TarConstants.LF_LINK,
          TarConstants.LF_FIFO,
          TarConstants.LF_CHR,
          TarConstants.LF_BLK
        }) {
      byte[] archive =
          tarGz(
              tar -> {
                put(tar, "set/good");
                TarArchiveEntry entry = new TarArchiveEntry("set/link", kind);
                entry.setLinkName("../..");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
                put(tar, "set/link/evil");
              });
      assertRefused(
          archive(archive),
          "set.tar.gz is refused: it has 'set/link', which is no plain file or folder");
      assertThat(left()).isEmpty();
      server.removeContext("/set.tar.gz");
    }
  }

  @Test
  void bombsAreRefused() throws IOException {
    byte[] large = tarGz(tar -> put(tar, "set/zeros", new byte[50_000_000]));
    assertThat(large).hasSizeLessThan(100_000);
    assertRefused(archive(large), "set.tar.gz is refused: it unpacks to more than 1,000,000 bytes");
    server.removeContext("/set.tar.gz");

    byte[] many =
        tarGz(
            tar -> {
              for (int i = 0; i <= 1_000; i++) {
                put(tar, "set/" + i, new byte[0]);
              }
            });
    RemoteFile file = archive(many);
    assertRefused(
        new RemoteFile(file.uri(), file.md5(), file.limit(), "set", 10_000_000),
        "set.tar.gz is refused: it has more than 1,000 entries");
    assertThat(left()).isEmpty();
  }

  @Test
  void aFileThatComesTwiceIsRefused() throws IOException {
    byte[] archive =
        tarGz(
            tar -> {
              put(tar, "set/one");
              put(tar, "set/one");
            });
    assertThatThrownBy(() -> fetch(archive(archive)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("set.tar.gz cannot be unpacked: ");
    assertThat(left()).isEmpty();
  }

  @Test
  void damagedArchivesAreRefused() throws IOException {
    byte[] good =
        tarGz(
            tar -> {
              put(tar, "set/one", CONTENT);
              put(tar, "set/two");
            });
    for (byte[] bad :
        List.of(new byte[0], new byte[100], Arrays.copyOf(good, good.length / 2), tarGz(_ -> {}))) {
      assertThatThrownBy(() -> fetch(archive(bad)))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("set.tar.gz ");
      assertThat(left()).isEmpty();
      server.removeContext("/set.tar.gz");
    }
  }
}
