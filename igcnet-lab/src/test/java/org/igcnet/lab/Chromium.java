package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless browser, for tests that are skipped where none is installed. */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long LONGEST_SECONDS = 60;
  private static final List<String> OPTIONS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-quic",
          "--no-first-run",
          "--enable-logging=stderr",
          "--dump-dom");

  private static final Pattern MEASURED = Pattern.compile("data-measured=\"([^\"]+)\"");

  private Chromium() {}

  /**
   * Loads a page.
   *
   * @param dom the page as its script left it
   * @param console what the page wrote to its console, errors of scripts too
   */
  record Loaded(String dom, List<String> console) {}

  static Loaded load(Path page) throws IOException, InterruptedException {
    return load(page, List.of());
  }

  /**
   * Loads a page and measures it.
   *
   * @param width of the window, in CSS pixels
   * @param dark whether the reader prefers dark colours
   * @param script what JavaScript is to do, which returns something; its window and document are
   *     the page's
   * @return what it comes to, as JSON
   */
  static String measure(Path page, int width, boolean dark, String script)
      throws IOException, InterruptedException {
    Path measured = page.resolveSibling("measured.html");
    // A window's width has a lower bound in some browsers; a frame's has none.
    Files.writeString(
        measured,
        """
      <!doctype html><meta charset="utf-8"><style>body { margin: 0 } iframe { border: 0; height: 900px; width: %dpx }</style>
      <iframe></iframe>
      <script>
      const bytes = Uint8Array.from(atob("%s"), c => c.charCodeAt(0));
      const frame = document.querySelector("iframe");
      frame.srcdoc = new TextDecoder().decode(bytes);
      frame.onload = () => {
        const window = frame.contentWindow, document = frame.contentDocument;
        const said = JSON.stringify((() => { %s })());
        self.document.body.dataset.measured = btoa(String.fromCharCode(...new TextEncoder().encode(said)));
      };
      </script>
      """
            .formatted(width, base64(page), script));
    Loaded loaded =
        load(measured, dark ? List.of("--blink-settings=preferredColorScheme=0") : List.of());
    assertThat(loaded.console()).isEmpty();
    Matcher found = MEASURED.matcher(loaded.dom());
    assertThat(found.find()).as("the measure of %s", page).isTrue();
    return new String(Base64.getDecoder().decode(found.group(1)), StandardCharsets.UTF_8);
  }

  private static String base64(Path page) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(page));
  }

  private static Loaded load(Path page, List<String> more)
      throws IOException, InterruptedException {
    Optional<Path> browser = find();
    assumeTrue(browser.isPresent(), () -> "no headless browser: none of " + NAMES);
    Path out = page.resolveSibling("dom.html");
    Path err = page.resolveSibling("chromium.log");
    List<String> command = new ArrayList<>();
    command.add(browser.orElseThrow().toString());
    command.addAll(OPTIONS);
    command.addAll(more);
    command.add("--user-data-dir=" + page.resolveSibling("profile"));
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    assertThat(ended).as("the browser has ended").isTrue();
    try (Stream<String> lines = Files.lines(err, StandardCharsets.ISO_8859_1)) {
      return new Loaded(
          Files.readString(out), lines.filter(line -> line.contains("CONSOLE")).toList());
    }
  }

  private static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
