package org.igcnet.serve;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpStatus;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.igcnet.theory.NetworkCost;

/**
 * The page on which one drops a picture: all of it in one document, which may fetch nothing but the
 * answer of this service. It runs the one script and the one style that it was made with.
 */
final class FrontPage {
  private FrontPage() {}

  /** A row of the model's card. */
  private record Fact(String what, String value) {}

  private record View(
      String name, String style, String script, List<Fact> facts, List<String> classes) {}

  static Answer of(String name, Model model) {
    String style = resource("page.css");
    String script = resource("page.js");
    String page =
        Mustache.compiler()
            .compile(resource("page.mustache"))
            .execute(new View(name, style, script, facts(model), model.classes()));
    return Answer.of(
            HttpStatus.OK_200, "text/html;charset=utf-8", page.getBytes(StandardCharsets.UTF_8))
        .with(Map.of("Content-Security-Policy", policy(style, script)));
  }

  private static String policy(String style, String script) {
    return String.join(
        "; ",
        "default-src 'none'",
        "style-src " + hash(style),
        "script-src " + hash(script),
        "connect-src 'self'",
        "img-src blob: data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'");
  }

  private static List<Fact> facts(Model model) {
    List<Fact> facts = new ArrayList<>(network(model));
    facts.addAll(training(model.origin()));
    facts.add(new Fact("Classes", String.valueOf(model.classes().size())));
    return facts;
  }

  private static List<Fact> network(Model model) {
    return List.of(
        new Fact("Network", model.architecture().network().toString()),
        new Fact("Depth", String.valueOf(model.architecture().depth())),
        new Fact("Takes", model.architecture().input() + " values"),
        new Fact(
            "Parameters",
            String.format(Locale.ROOT, "%,d", NetworkCost.of(model.architecture()).parameters())));
  }

  /** Nothing is known of the training of weights that come from elsewhere. */
  private static List<Fact> training(Origin origin) {
    return origin.epochs() == 0
        ? List.of()
        : List.of(
            new Fact("Trained on", origin.data()),
            new Fact("Epochs", String.valueOf(origin.epochs())),
            new Fact(
                "Accuracy on what was kept from training",
                String.format(Locale.ROOT, "%.2f%%", origin.accuracy())));
  }

  private static String hash(String inline) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
      return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(FrontPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
