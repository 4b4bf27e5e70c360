package example;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.igcnet.UserError;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels.Label;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Says what a picture shows: {@code curl --data-binary @cat.png localhost:8080/classify}. */
@SpringBootApplication
@RestController
public class Service {
  private final ImageClassifier net;

  /** One for all requests: it is thread-safe. */
  Service(ImageClassifier net) {
    this.net = net;
  }

  @PostMapping("/classify")
  List<Label> classify(@RequestBody byte[] picture) {
    return net.classify(picture).top(3);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, String>> refused(UserError error) {
    HttpStatus status =
        switch (error.kind()) {
          case PICTURE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
          case TOO_LARGE -> HttpStatus.PAYLOAD_TOO_LARGE;
          default -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    return ResponseEntity.status(status).body(Map.of("error", error.getMessage()));
  }

  /** What makes the classifier; Spring closes it. */
  @Configuration
  static class Model {
    @Bean
    ImageClassifier net(@Value("${igcnet.model}") Path folder) {
      return ImageClassifier.load(folder);
    }
  }

  /**
   * Starts the service.
   *
   * @param arguments {@code --igcnet.model=runs/a}, {@code --server.port=8081}
   */
  public static void main(String[] arguments) {
    SpringApplication.run(Service.class, arguments);
  }
}
