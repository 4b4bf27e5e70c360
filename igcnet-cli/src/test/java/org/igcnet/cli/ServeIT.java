package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code igcnet serve} as a process of its own, asked over HTTP. */
@TestInstance(Lifecycle.PER_CLASS)
class ServeIT {
  private final HttpClient http = HttpClient.newHttpClient();
  private Path run;
  private Path pictures;
  private Path file;
  private byte[] picture;
  private Launcher launcher;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    run = folder.resolve("my run");
    pictures = Files.createDirectory(folder.resolve("pictures"));
    file = pictures.resolve("a.png");
    launcher = Launcher.in(Files.createDirectory(folder.resolve("work")));
    launcher
        .run("train", "RegConv-W2", "--depth", 5, "--epochs", 1, "--data", "shapes", "--out", run)
        .succeeded();
    BufferedImage image = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 600; i++) {
      image.setRGB(10 + i % 30, 10 + i / 30, 0xff8000 + i);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    picture = png.toByteArray();
    Files.write(file, picture);
  }

  @AfterAll
  void close() {
    http.shutdownNow();
  }

  private URI started(Process process) throws IOException {
    launcher.awaitText(process, "out", "/\n");
    String line = Files.readString(launcher.folder().resolveSibling("work.out"));
    assertThat(line).startsWith("RegConv-W2, depth 5, 10 classes at http://127.0.0.1:");
    return URI.create(line.substring(line.indexOf("http")).strip());
  }

  private HttpResponse<String> get(URI service, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(service.resolve(path)).build(), BodyHandlers.ofString());
  }

  @Test
  void itSaysWhatPredictSays() throws Exception {
    JsonNode predicted =
        launcher.run("predict", run, pictures, "--json", "--top", 3).document().get(0);
    JsonNode alone = launcher.run("predict", run, file, "--json", "--top", 3).document().get(0);
    Process process = launcher.start("serve", run, "--port", 0, "--threads", 1);
    URI service = started(process);
    JsonNode answer =
        Finished.parse(
            http.send(
                    HttpRequest.newBuilder(service.resolve("/classify?top=3"))
                        .POST(BodyPublishers.ofByteArray(picture))
                        .build(),
                    BodyHandlers.ofString())
                .body());
    assertThat(answer.get("predictions")).isEqualTo(predicted.get("predictions"));
    for (int rank = 0; rank < 3; rank++) {
      JsonNode served = answer.get("predictions").get(rank);
      JsonNode byPlainLoops = alone.get("predictions").get(rank);
      assertThat(byPlainLoops.get("label")).isEqualTo(served.get("label"));
      assertThat(byPlainLoops.get("probability").asDouble())
          .isCloseTo(served.get("probability").asDouble(), within(1e-6));
    }
    assertThat(answer.get("resized")).isEqualTo(predicted.get("resized"));
    assertThat(get(service, "/v2/models/my-run").statusCode()).isEqualTo(200);
    assertThat(get(service, "/").body()).contains("RegConv-W2");
    Finished taken = launcher.run("serve", run, "--port", service.getPort());
    assertThat(taken.refusal())
        .isEqualTo(
            "igcnet: port %d of 127.0.0.1 is taken by another program; another port, or 0 for any that is free, is right"
                .formatted(service.getPort()));
    Signal.INT.send(process);
    assertThat(launcher.finish(process).code()).isZero();
  }

  /** The requests that {@code docs/serve.md} shows, by the real {@code curl}: the same fields. */
  @Test
  void theDocumentsRequestsAreAnswered() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl");
    Launcher asking = Launcher.in(Files.createDirectory(run.resolveSibling("asking")));
    Files.copy(file, asking.folder().resolve("disc.png"));
    Process process = launcher.start("serve", run, "--port", 0, "--threads", 1);
    String service = started(process).toString();
    Matcher examples =
        Pattern.compile("^\\$ (curl .*)\\n(.*)$", Pattern.MULTILINE).matcher(document());
    int asked = 0;
    for (; examples.find(); asked++) {
      String line = examples.group(1).replace("http://127.0.0.1:8080/", service);
      assertThat(fields(asking.shell(line).out())).as(line).isEqualTo(fields(examples.group(2)));
    }
    assertThat(asked).isEqualTo(3);
    Signal.INT.send(process);
    assertThat(launcher.finish(process).code()).isZero();
  }

  private static String document() throws IOException {
    Path home = Path.of(System.getProperty("igcnet.launcher")).resolveSibling("docs");
    return Files.readString(home.resolve("serve.md"));
  }

  /** A document with the words of people's pictures and all numbers left out. */
  private static String fields(String json) {
    return Finished.parse(json)
        .toString()
        .replaceAll("\"(label|resized)\":\"[^\"]*\"", "\"$1\"")
        .replaceAll("[0-9.E-]+", "0");
  }

  /** Half of the picture is sent before the signal, and half when the service takes no more. */
  @Test
  void aStopAnswersWhatWasTaken() throws Exception {
    Process process = launcher.start("serve", run, "--port", 0, "--threads", 1);
    URI service = started(process);
    try (Socket client = new Socket(service.getHost(), service.getPort())) {
      client
          .getOutputStream()
          .write(
              "POST /classify HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"
                  .formatted(picture.length)
                  .getBytes(StandardCharsets.US_ASCII));
      int half = picture.length / 2;
      client.getOutputStream().write(Arrays.copyOf(picture, half));
      // Its own, and that of the metrics.
      while (!get(service, "/metrics").body().contains("igcnet_requests_in_flight 2.0")) {
        Thread.onSpinWait();
      }
      Signal.TERM.send(process);
      while (get(service, "/v2/health/ready").statusCode() != 503) {
        Thread.onSpinWait();
      }
      client.getOutputStream().write(Arrays.copyOfRange(picture, half, picture.length));
      String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("\"predictions\":[{");
    }
    Finished finished = launcher.finish(process);
    assertThat(finished.code()).isZero();
    assertThat(finished.err()).isEmpty();
    assertThat(finished.out()).hasLineCount(1);
  }

  @Test
  void whatCannotBeIsWrongUsage() {
    Finished finished = launcher.run("serve", run, "--port", 70_000);
    assertThat(finished.code()).isEqualTo(2);
    assertThat(finished.err())
        .startsWith("igcnet: the port cannot be 70,000; from 0 to 65,535 is right\n");
    assertThat(launcher.run("serve", run.resolve("none"), "--port", 0).refusal())
        .contains("holds no trained model");
  }
}
