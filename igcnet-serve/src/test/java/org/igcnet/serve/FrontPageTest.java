package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page, of a model whose classes are named as nobody would. */
@TestInstance(Lifecycle.PER_CLASS)
class FrontPageTest {
  private static final List<String> CLASSES =
      List.of("<script>globalThis.bad = 1</script>", "<img src=x onerror=bad=1>", "\"&'", "owl");

  private final Model model = Models.of("IGC-L4M2", 5, CLASSES);
  private ModelService service;
  private URI uri;

  @BeforeAll
  void start() {
    service = ModelService.start(model, ServiceSettings.local("odd", 0), Compute.threads(1));
    uri = service.uri();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void thePageFetchesNothingAndItsPolicyForbidsIt() throws IOException {
    Client.Reply page = Client.get(uri, "/");
    assertThat(page.headers())
        .containsEntry("content-type", "text/html;charset=utf-8")
        .containsEntry("x-content-type-options", "nosniff");
    assertThat(page.headers().get("content-security-policy"))
        .startsWith("default-src 'none'; style-src 'sha256-")
        .contains("connect-src 'self'; ", "base-uri 'none'; frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body())
        .doesNotContain("http:", "https:", "@import", "src=\"", "<script>global", "<img src=x")
        .contains("&lt;script&gt;globalThis.bad &#x3D; 1&lt;/script&gt;")
        .contains("<dt>Network</dt><dd>IGC-L4M2</dd>", "<dt>Trained on</dt><dd>made up</dd>")
        .contains("<dd>62.50%</dd>");
  }

  /** Of weights that were imported. */
  @Test
  void whatIsNotKnownOfATrainingIsNotSaid() {
    Model imported =
        new Model(
            model.architecture(),
            CLASSES,
            model.framing(),
            model.normalization(),
            new Origin("imported", 0, 0, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
            model.weights());
    assertThat(StandardCharsets.UTF_8.decode(FrontPage.of("odd", imported).body()).toString())
        .contains("<dt>Classes</dt><dd>4</dd>")
        .doesNotContain("Trained on", "Epochs", "Accuracy");
  }

  @Test
  void aPictureThatIsDroppedIsToldOfInABrowser(@TempDir Path profile) throws Exception {
    byte[] picture = Models.png(48, 40, 1);
    Labels expected;
    try (ImageClassifier library = ImageClassifier.of(model)) {
      expected = library.classify(picture);
    }
    try (Browser browser = Browser.at(uri, profile)) {
      JsonNode shown =
          browser.evaluate(
              """
              (async () => {
                %s
                dispatchEvent(new DragEvent("drop", { dataTransfer: given, cancelable: true }));
                await until(() => !at("found").hidden && at("picture").naturalWidth > 0);
                return {
                  says: at("says").textContent,
                  names: [...at("bars").querySelectorAll("li > span:first-child")].map(e => e.textContent),
                  widths: [...at("bars").querySelectorAll("i")].map(e => parseFloat(e.style.width)),
                  width: at("picture").naturalWidth,
                  resized: at("resized").textContent,
                  bad: typeof bad,
                  input: at("file").tabIndex + " " + at("file").labels.length
                };
              })()"""
                  .formatted(given(picture)));
      List<String> names = new ArrayList<>();
      shown.get("names").forEach(name -> names.add(name.asString()));
      assertThat(names)
          .containsExactlyElementsOf(expected.all().stream().map(Labels.Label::name).toList());
      double best = expected.best().probability();
      assertThat(shown.get("says").asString())
          .isEqualTo(
              "%s, %s%%"
                  .formatted(
                      expected.best().name(), String.format(Locale.ROOT, "%.1f", 100 * best)));
      assertThat(shown.get("widths").get(0).asDouble())
          .isCloseTo(100 * best, org.assertj.core.api.Assertions.within(0.01));
      assertThat(shown.get("width").asInt()).isEqualTo(48);
      assertThat(shown.get("resized").asString())
          .isEqualTo("48×40, its middle 40×40 resized to 32×32");
      assertThat(shown.get("bad").asString()).isEqualTo("undefined");
      assertThat(shown.get("input").asString()).isEqualTo("0 1");
      assertThat(browser.complaints()).isEmpty();

      JsonNode refused =
          browser.evaluate(
              """
              (async () => {
                %s
                at("file").files = given.files;
                at("file").dispatchEvent(new Event("change"));
                await until(() => !at("error").hidden);
                return at("error").textContent + " " + at("found").hidden;
              })()"""
                  .formatted(given("no picture".getBytes(StandardCharsets.US_ASCII))));
      assertThat(refused.asString())
          .isEqualTo("the given file is no picture; PNG, JPEG, BMP, GIF and WebP can be read true");
    }
  }

  /** A file as a browser hands it to a page. */
  private static String given(byte[] file) {
    return """
        const given = new DataTransfer();
        given.items.add(new File([Uint8Array.from(atob("%s"), c => c.charCodeAt(0))], "a.png"));"""
        .formatted(Base64.getEncoder().encodeToString(file));
  }
}
