package org.igcnet.serve;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.jetty.http.HttpMethod;

/** What can be asked. */
enum Endpoint {
  PAGE("/", HttpMethod.GET),
  CLASSIFY("/classify", HttpMethod.POST),
  METRICS("/metrics", HttpMethod.GET),
  SERVER("/v2", HttpMethod.GET),
  LIVE("/v2/health/live", HttpMethod.GET),
  READY("/v2/health/ready", HttpMethod.GET),
  MODEL("/v2/models/{name}", HttpMethod.GET),
  MODEL_READY("/v2/models/{name}/ready", HttpMethod.GET),
  INFER("/v2/models/{name}/infer", HttpMethod.POST);

  private static final String NAME = "{name}";
  private static final int NAME_AT = 3;

  private final String template;
  private final HttpMethod method;

  Endpoint(String template, HttpMethod method) {
    this.template = template;
    this.method = method;
  }

  /** The one at a path, if there is one; a slash at the end makes no difference. */
  static Optional<Endpoint> at(String path) {
    String[] asked = segments(path);
    return Arrays.stream(values()).filter(endpoint -> endpoint.matches(asked)).findFirst();
  }

  /** The model that a path of this endpoint names, if it names one. */
  Optional<String> model(String path) {
    return template.contains(NAME) ? Optional.of(segments(path)[NAME_AT]) : Optional.empty();
  }

  private static String[] segments(String path) {
    boolean slash = path.length() > 1 && path.endsWith("/");
    return (slash ? path.substring(0, path.length() - 1) : path).split("/", -1);
  }

  private boolean matches(String[] asked) {
    String[] own = segments(template);
    return own.length == asked.length
        && IntStream.range(0, own.length)
            .allMatch(i -> own[i].equals(NAME) || own[i].equals(asked[i]));
  }

  /** Whether something is computed for it. */
  boolean computes() {
    return method == HttpMethod.POST;
  }

  boolean allows(String asked) {
    return method.is(asked) || (method == HttpMethod.GET && HttpMethod.HEAD.is(asked));
  }

  /** For the header {@code Allow}. */
  String allowed() {
    return method == HttpMethod.GET ? "GET, HEAD" : method.asString();
  }

  /** The path, with {@code {name}} for the model's name. */
  String template() {
    return template;
  }
}
