package org.igcnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.files.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedTest {
  private static final ModelCard.Training TRAINING =
      new ModelCard.Training(
          "cifar10",
          30,
          7,
          "30 epochs",
          "igcnet train",
          "0".repeat(64),
          "2026-11-27",
          Map.of("igcnet", "0.2.0"));

  private static final ModelCard.Score SCORE = new ModelCard.Score(87.5, 29, 87.25, 10_000);

  @TempDir Path folder;

  private final Model model = model();
  private List<ModelShelf> shelves = List.of();

  private static Model model() {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, 2);
    Weights weights = Weights.of(architecture);
    Random random = new Random(1);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = random.nextFloat();
    }
    return new Model(
        architecture,
        List.of("cat", "dog"),
        Framing.WHOLE,
        new Normalization(List.of(120f, 121f, 122f), List.of(60f, 61f, 62f)),
        new Origin("cifar10", 29, 87.5, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }

  @BeforeEach
  void fill() {
    for (String name : List.of("first", "igc-2")) {
      ShelfFolder.put(folder, name, model, TRAINING, SCORE, "free");
    }
    shelves = List.of(file -> Files.newInputStream(folder.resolve(file)));
  }

  @Test
  void aNameThatTwoShelvesHaveIsRefused() {
    ModelShelf other = file -> Files.newInputStream(folder.resolve(file));
    List<ModelShelf> both = List.of(shelves.getFirst(), other);
    assertThatThrownBy(() -> Pretrained.named("first", both))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "there are 2 trained networks \"first\", of %s and %s; only one of these jars can stay",
            shelves.getFirst().getClass().getName(), other.getClass().getName());
  }

  @Test
  void allAreListedInTheirOrderAndNoWeightsAreRead() throws IOException {
    Files.delete(folder.resolve("first/model.safetensors"));
    Files.delete(folder.resolve("igc-2/model.json"));
    assertThat(Pretrained.all(shelves))
        .extracting(one -> one.card().name())
        .containsExactly("first", "igc-2");
    assertThat(Pretrained.all(List.of())).isEmpty();
  }

  @Test
  void aNetworkComesWithItsCardAndItsWeights() throws IOException {
    Pretrained pretrained = Pretrained.named("igc-2", shelves);
    ModelCard card = pretrained.card();
    assertThat(card.network()).isEqualTo("IGC-L4M2");
    assertThat(card.body()).isEqualTo("stages");
    assertThat(card.depth()).isEqualTo(5);
    assertThat(card.classes()).containsExactly("cat", "dog");
    assertThat(card.input()).isEqualTo(new ImageShape(3, 32, 32));
    assertThat(card.training()).isEqualTo(TRAINING);
    assertThat(card.score()).isEqualTo(SCORE);
    byte[] weights = Files.readAllBytes(folder.resolve("igc-2/model.safetensors"));
    assertThat(card.weights()).isEqualTo(new ModelCard.Stored(weights.length, Sha256.of(weights)));
    assertThat(pretrained.model().weights().values()).isEqualTo(model.weights().values());
    assertThat(pretrained.model().origin()).isEqualTo(model.origin());
  }

  @Test
  void aNetworkThatIsPutAgainReplacesTheOther() {
    ModelCard.Score better = new ModelCard.Score(90, 30, 90, 10_000);
    ShelfFolder.put(folder, "first", model, TRAINING, better, "free");
    assertThat(Pretrained.all(shelves)).hasSize(2);
    assertThat(Pretrained.named("first", shelves).card().score()).isEqualTo(better);
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThatThereAre() {
    assertThatThrownBy(() -> Pretrained.named("second", shelves))
        .isInstanceOf(UserError.class)
        .hasMessage("there is no trained network \"second\"; there are first, igc-2")
        .extracting(refused -> ((UserError) refused).kind())
        .isEqualTo(UserError.Kind.VALUE);
  }

  /** No jar with such is among this module's. */
  @Test
  void withoutAJarTheArtifactIsNamed() {
    assertThat(Pretrained.all()).isEmpty();
    assertThatThrownBy(() -> ImageClassifier.pretrained("first"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "there is no trained network \"first\" on the class path or the module path, nor any other; they come with the artifact org.igcnet:igcnet-models")
        .extracting(refused -> ((UserError) refused).kind())
        .isEqualTo(UserError.Kind.MISSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "model.safetensors"})
  void aChangedByteIsRefused(String file) throws IOException {
    Path path = folder.resolve("first").resolve(file);
    byte[] bytes = Files.readAllBytes(path);
    String before = Sha256.of(bytes);
    bytes[bytes.length / 2] ^= 1;
    Files.write(path, bytes);
    Pretrained pretrained = Pretrained.named("first", shelves);
    assertThatThrownBy(pretrained::model)
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the trained network first is damaged: the SHA-256 of its %s is %s, and should be %s"
                .formatted(file, Sha256.of(bytes), before));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "model.safetensors"})
  void aLongerFileIsRefused(String file) throws IOException {
    Path path = folder.resolve("first").resolve(file);
    long before = Files.size(path);
    Files.write(path, new byte[1], StandardOpenOption.APPEND);
    Pretrained pretrained = Pretrained.named("first", shelves);
    assertThatThrownBy(pretrained::model)
        .isInstanceOf(UserError.class)
        .hasMessage(
            "first/%s of the trained networks has more bytes than it should (%,d)"
                .formatted(file, before));
  }

  @Test
  void anotherNetworksCardIsRefused() throws IOException {
    Files.copy(
        folder.resolve("igc-2/card.json"),
        folder.resolve("first/card.json"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> Pretrained.named("first", shelves))
        .isInstanceOf(UserError.class)
        .hasMessage("first/card.json is the card of another network, igc-2");
  }

  @Test
  void aFileThatIsNotThereIsRefused() throws IOException {
    Files.delete(folder.resolve("first/card.json"));
    assertThatThrownBy(() -> Pretrained.named("first", shelves))
        .isInstanceOf(UserError.class)
        .hasMessage("first/card.json of the trained networks cannot be read");
  }

  /** A name leads to files. */
  @ParameterizedTest
  @ValueSource(strings = {"../first", "a/b", "", "A", "a--b", "-a", "a.b"})
  void aNameThatMayLeadElsewhereIsRefused(String name) throws IOException {
    Path index = folder.resolve("index.json");
    Files.writeString(index, Files.readString(index).replace("igc-2", name));
    assertThatThrownBy(() -> Pretrained.all(shelves))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("index.json is refused: '" + name + "' is no name");
    assertThatThrownBy(() -> ShelfFolder.put(folder, name, model, TRAINING, SCORE, "free"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is no name");
  }

  @ParameterizedTest
  @CsvSource({
    "card.json, \"accuracy\" : 87.5, \"accuracy\" : 187.5",
    "card.json, \"accuracy\" : 87.5, \"accuracy\" : 80",
    "card.json, \"images\" : 10000, \"images\" : 0",
    "card.json, 2026-11-27, 2026-11-31",
    "card.json, \"depth\" : 5, \"depth\" : 0",
    "card.json, 0000000000, 000000000x",
    "card.json, \"seed\" : 7, \"seeds\" : 7",
    "card.json, \"version\" : 1, \"version\" : 2",
    "card.json, igcnet-card, igcnet-model",
  })
  void whatCannotBeIsRefused(String file, String from, String to) throws IOException {
    Path path = folder.resolve("first").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
    assertThatThrownBy(() -> Pretrained.named("first", shelves))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("first/card.json");
  }

  /** A shelf as the first program that wrote one left it. */
  @Test
  void aShelfOfVersion1IsRead() {
    ModelShelf old = PretrainedTest::version1;
    ModelCard card = Pretrained.named("igc-l4m2-d5-shapes", List.of(old)).card();
    assertThat(card.parameters()).isEqualTo(2_000);
    assertThat(card.multiplyAdds()).isEqualTo(1_000_000);
    assertThat(card.training().command()).isEqualTo("igcnet train IGC-L4M2 --depth 5");
    assertThat(card.training().date()).isEqualTo("2026-11-27");
    assertThat(card.training().versions()).containsEntry("igcnet", "0.2.0");
    assertThat(card.score()).isEqualTo(new ModelCard.Score(98.5, 2, 98.25, 2_000));
    assertThat(card.weights().sha256()).startsWith("aaaa");
    assertThat(card.description().bytes()).isEqualTo(10_000);
    assertThat(card.licence()).isEqualTo("Apache 2.0.");
  }

  private static InputStream version1(String file) {
    return Objects.requireNonNull(
        PretrainedTest.class.getResourceAsStream("shelf-version-1/" + file), file);
  }
}
