package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.OwnImages;
import org.igcnet.data.Picture;
import org.igcnet.model.Labels.Label;
import org.igcnet.train.Training;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ServiceTest {
  private static final List<String> CLASSES = List.of("red", "green", "blue");

  @Autowired TestRestTemplate http;

  /** A small network that tells colours apart. */
  @DynamicPropertySource
  static void train(DynamicPropertyRegistry properties) throws IOException {
    List<Picture> images =
        IntStream.range(0, 192).mapToObj(i -> Picture.of(image(i % 3, 150 + i % 100))).toList();
    int[] labels = IntStream.range(0, images.size()).map(i -> i % 3).toArray();
    OwnImages colours = OwnImages.of(new ImageShape(3, 16, 16), CLASSES, images, labels);
    Path model = Files.createTempDirectory("model");
    Training.of("IGC-L4M2").depth(5).data(colours, colours).epochs(6).run().save(model);
    properties.add("igcnet.model", model::toString);
  }

  private static BufferedImage image(int channel, int value) {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 400; i++) {
      image.setRGB(i % 20, i / 20, value - i % 7 * 10 << 16 - 8 * channel);
    }
    return image;
  }

  private static byte[] png(int channel) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image(channel, 220), "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Test
  void saysWhatPicturesShowToManyAtOnce() {
    IntStream.range(0, 60)
        .parallel()
        .forEach(
            i -> {
              ResponseEntity<List<Label>> answer =
                  http.exchange(
                      "/classify",
                      HttpMethod.POST,
                      new HttpEntity<>(png(i % 3)),
                      new ParameterizedTypeReference<>() {});
              assertThat(answer.getStatusCode().value()).isEqualTo(200);
              assertThat(answer.getBody()).hasSize(3);
              assertThat(answer.getBody().getFirst().name()).isEqualTo(CLASSES.get(i % 3));
            });
  }

  @Test
  void refusesWhatIsNoPicture() {
    ResponseEntity<String> answer =
        http.postForEntity("/classify", "no picture".getBytes(), String.class);
    assertThat(answer.getStatusCode().value()).isEqualTo(415);
    assertThat(answer.getBody()).contains("error");
  }
}
