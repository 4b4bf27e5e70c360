package org.igcnet.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.igcnet.model.Model;
import org.igcnet.model.ModelCard;
import org.igcnet.model.ModelShelf;
import org.igcnet.model.Pretrained;
import org.igcnet.theory.NetworkCost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shipped: each card beside its files. */
class TrainedNetworksTest {
  private static final Path RESOURCES = Path.of("src/main/resources/org/igcnet/models");

  private final TrainedNetworks shelf = new TrainedNetworks();

  static List<String> names() {
    return Pretrained.all().stream().map(Pretrained::card).map(ModelCard::name).toList();
  }

  @Test
  void theShelfIsFoundAsAService() {
    assertThat(ServiceLoader.load(ModelShelf.class))
        .hasExactlyElementsOfTypes(TrainedNetworks.class);
    assertThat(names())
        .contains(
            "igc-l24m2-d8-cifar10",
            "igc-l24m2-d8-cifar100",
            "igc-l24m2-d20-cifar10",
            "igc-l24m2-d20-cifar100");
  }

  @Test
  void theIndexNamesEveryFolder() throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES)) {
      assertThat(files.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aCardSaysWhatItsFilesAre(String name) {
    Pretrained pretrained = Pretrained.named(name);
    ModelCard card = pretrained.card();
    Model model = pretrained.model();
    assertThat(card.network()).isEqualTo(model.architecture().network().toString());
    assertThat(card.body()).isEqualTo(model.architecture().body().id());
    assertThat(card.depth()).isEqualTo(model.architecture().depth());
    assertThat(card.input()).isEqualTo(model.architecture().input());
    assertThat(card.classes()).isEqualTo(model.classes());
    NetworkCost cost = NetworkCost.of(model.architecture());
    assertThat(card.parameters()).isEqualTo(cost.parameters());
    assertThat(card.multiplyAdds()).isEqualTo(cost.multiplyAdds());
    assertThat(card.score().accuracy()).isEqualTo(model.origin().accuracy());
    assertThat(card.score().epoch()).isEqualTo(model.origin().epochs());
    assertThat(card.training().data()).isEqualTo(model.origin().data());
    assertThat(card.training().run()).isEqualTo(model.origin().run().orElseThrow());
    assertThat(card.training().versions()).isEqualTo(model.origin().versions());
    assertThat(card.training().epochs()).isEqualTo(model.origin().recipe().get("epochs"));
    assertThat(model.origin().recipe().get("seed"))
        .hasToString(String.valueOf(card.training().seed()));
    assertThat(name)
        .isEqualTo(
            "%s-d%d-%s"
                .formatted(card.network(), card.depth(), card.training().data())
                .toLowerCase(Locale.ROOT));
  }

  /** The first and the last class, as CIFAR's own lists have them. */
  @ParameterizedTest
  @MethodSource("names")
  void classesHaveTheirPublishedNames(String name) {
    ModelCard card = Pretrained.named(name).card();
    switch (card.training().data()) {
      case "cifar10" ->
          assertThat(card.classes())
              .containsExactly(
                  "airplane",
                  "automobile",
                  "bird",
                  "cat",
                  "deer",
                  "dog",
                  "frog",
                  "horse",
                  "ship",
                  "truck");
      case "cifar100" ->
          assertThat(card.classes()).hasSize(100).startsWith("apple").endsWith("worm");
      default -> throw new AssertionError(card.training().data());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void noFileTellsOfTheMachineThatTrained(String name) throws IOException {
    for (String file : List.of("card.json", "model.json")) {
      try (InputStream in = shelf.open(name + "/" + file)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).doesNotContain(":/", "/root", "/home", "\\\\");
      }
    }
  }

  @Test
  void whatIsNotThereIsNoStream() {
    assertThatThrownBy(() -> shelf.open("no-such/model.json"))
        .isInstanceOf(FileNotFoundException.class);
  }
}
