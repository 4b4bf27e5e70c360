package org.igcnet.serve;

import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.igcnet.UserError;

/** A request that is not done, and why, in one sentence for its client. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;

  private Refusal(int status, String sentence, Map<String, String> headers) {
    super(sentence, null, false, false);
    this.status = status;
    this.headers = headers;
  }

  /** What the protocol answers. */
  private record Document(String error) {}

  static Refusal of(int status, String sentence) {
    return new Refusal(status, sentence, Map.of());
  }

  static Refusal badRequest(String sentence) {
    return of(HttpStatus.BAD_REQUEST_400, sentence);
  }

  static Refusal tooLarge(String sentence) {
    return of(HttpStatus.PAYLOAD_TOO_LARGE_413, sentence);
  }

  static Refusal notAllowed(String sentence, String allowed) {
    return new Refusal(HttpStatus.METHOD_NOT_ALLOWED_405, sentence, Map.of("Allow", allowed));
  }

  /** Of a service that has too much to do now, and may be asked again. */
  static Refusal busy(String sentence) {
    return new Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, sentence, Map.of("Retry-After", "1"));
  }

  /** What the library says of what a client sent. */
  static Refusal of(UserError error) {
    String sentence = String.valueOf(error.getMessage());
    return switch (error.kind()) {
      case PICTURE -> of(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, sentence);
      case TOO_LARGE -> tooLarge(sentence);
      case MEMORY -> busy(sentence);
      default -> badRequest(sentence);
    };
  }

  Answer answer() {
    return Answer.json(status, new Document(String.valueOf(getMessage()))).with(headers);
  }
}
