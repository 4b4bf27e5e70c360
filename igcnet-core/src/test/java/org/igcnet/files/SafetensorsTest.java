package org.igcnet.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.igcnet.UserError;
import org.igcnet.files.Safetensors.Stored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir static Path jupiterFolder;
  static Path jqwikFolder = Path.of("unused");

  @BeforeContainer
  static void makeFolder() throws IOException {
    jqwikFolder = Files.createTempDirectory("safetensors");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Files.deleteIfExists(jqwikFolder.resolve("file"));
    Files.delete(jqwikFolder);
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    byte[] bytes =
        bytes(
            new Safetensors(
                new TreeMap<>(Map.of("b", "2", "a", "1")),
                List.of(
                    new Stored("w", List.of(1, 2), new float[] {1, -2}),
                    new Stored("s", List.of(), new float[] {0.5f}))));
    String header =
        "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
    int padded = Math.ceilDiv(header.length(), 8) * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 12).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded).put(header.getBytes(StandardCharsets.UTF_8));
    while (expected.position() < 8 + padded) {
      expected.put((byte) ' ');
    }
    expected.putFloat(1).putFloat(-2).putFloat(0.5f);
    assertThat(bytes).isEqualTo(expected.array());
  }

  @Test
  void valuesAreReadInTheOrderOfTheirOffsetsWhateverTheHeadersOrder() throws IOException {
    Path file =
        file(
            "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"a\":{\"shape\":[1],\"data_offsets\":[0,4],\"dtype\":\"F32\"}}",
            8);
    assertThat(Safetensors.read(file).tensors()).extracting(Stored::name).containsExactly("a", "b");
  }

  @Property(tries = 60)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 4) List<@IntRange(max = 3) Integer> shape,
      @ForAll @Size(max = 3) Map<@StringLength(max = 5) String, String> metadata,
      @ForAll @Size(min = 120, max = 120) List<Float> numbers,
      @ForAll @StringLength(min = 1, max = 6) String name) {
    int count = shape.stream().reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = numbers.get(i);
    }
    Safetensors written =
        new Safetensors(
            new TreeMap<>(withoutLoneSurrogates(metadata)),
            List.of(
                new Stored("first", shape, values),
                new Stored("x" + sound(name), List.of(2), new float[] {Float.NaN, -0f})));
    Path file = jqwikFolder.resolve("file");
    written.write(file);
    Safetensors read = Safetensors.read(file);
    assertThat(read.metadata()).isEqualTo(written.metadata());
    assertThat(read.tensors()).extracting(Stored::name).isEqualTo(names(written));
    assertThat(read.tensors().getFirst().shape()).isEqualTo(shape);
    assertThat(read.tensors().getFirst().values()).isEqualTo(values);
    assertThat(read.tensors().getLast().values()).containsExactly(Float.NaN, -0f);
    assertThat(read.sha256()).isEqualTo(written.sha256());
  }

  @Property(tries = 300)
  void aChangedFileIsReadOrRefusedNothingElse(
      @ForAll @IntRange(max = 250) int at, @ForAll byte value, @ForAll boolean cut) {
    byte[] bytes = bytes(example());
    byte[] changed = cut ? Arrays.copyOf(bytes, Math.min(at, bytes.length - 1)) : bytes;
    if (!cut) {
      changed[at % changed.length] = value;
    }
    Path file = write(jqwikFolder.resolve("file"), changed);
    try {
      assertThat(Safetensors.read(file).tensors()).hasSize(2);
      assertThat(cut).isFalse();
    } catch (UserError refused) {
      assertThat(refused).hasMessageStartingWith(file + " is no sound safetensors file: ");
    }
  }

  @Test
  void theSha256IsThatOfTheBytesWhateverTheSpacing() throws IOException {
    Path file =
        file(
            " { \"__metadata__\": {\"x\": \"y\"},\n\t\"a\" : {\"shape\":[ 1 ], \"dtype\":\"F32\",\"data_offsets\":[0,4]}}"
                .substring(1),
            4);
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      assertThat(open.sha256()).isEqualTo(Sha256.of(Files.readAllBytes(file)));
    }
  }

  @Test
  void aFileThatIsWrittenIntoAfterItsSha256WasTakenIsRefused() throws IOException {
    Path file = jupiterFolder.resolve("changing");
    example().write(file);
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      String sha256 = open.sha256();
      FloatBuffer a = FloatBuffer.allocate(6);
      FloatBuffer b = FloatBuffer.allocate(3);
      open.read(Map.of("a", a, "b", b));
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] = 1;
      Files.write(file, bytes);
      assertThatThrownBy(() -> open.read(Map.of("a", a, "b", b)))
          .isInstanceOf(UserError.class)
          .hasMessage(file + " changed while it was read");
      assertThatThrownBy(open::sha256).isInstanceOf(UserError.class);
      bytes[bytes.length - 1] = 0;
      bytes[10] = 'z'; // the header is the one that was read at the beginning
      Files.write(file, bytes);
      assertThat(open.sha256()).isEqualTo(sha256);
    }
  }

  @Test
  void longTensorsAreReadInPieces() {
    float[] values = new float[200_001];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    Path file = jupiterFolder.resolve("long");
    new Safetensors(new TreeMap<>(), List.of(new Stored("x", List.of(200_001), values)))
        .write(file);
    assertThat(Safetensors.read(file).tensors().getFirst().values()).isEqualTo(values);
    assertThat(WholeFile.aside(file)).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}|4|\"a\" has the type",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|4|does not have 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|8|8 bytes of values, not 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|begin at byte 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|4|from 0 to 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|4|from 0 to",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}|4|from 0 to",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,0]}}|0|does not have 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,4],\"data_offsets\":[0,4]}}|4|does",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}|4|no beginning and end",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}|4|no beginning and end",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}|4|short list",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}|4|does not have just",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}|4|not have just",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]}}|4|has 18446744073709551617, which",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}|4|from 0 to",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":{},\"data_offsets\":[0,4]}}|4|short list",
        "{\"a\":{\"dtype\":null,\"shape\":[1],\"data_offsets\":[0,4]}}|4|has the type null",
        "{} {}|0|no JSON object",
        "{\"a\":7}|4|does not have just",
        "{\"__metadata__\":{\"k\":1}}|0|is no text",
        "{\"__metadata__\":[]}|0|no JSON object",
        "[]|0|no JSON object",
        "{\"a\":|0|no JSON"
      })
  void aWrongHeaderIsRefused(String header, int dataSize, String reason) {
    assertThatThrownBy(() -> Safetensors.read(file(header, dataSize)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is no sound safetensors file")
        .hasMessageContaining(reason);
  }

  /** As trees, these took 25 times their bytes. */
  @Test
  void moreTensorsThanAnyNetworkHasAreRefused() {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= 250_000; i++) {
      header.append(
          "\"%d\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
    }
    header.setCharAt(header.length() - 1, '}');
    assertThatThrownBy(() -> Safetensors.read(file(header.toString(), 0)))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("it has more than 250,000 tensors");
  }

  @Test
  void theHeaderIsUtf8() {
    byte[] text =
        "........{\"__metadata__\":{\"k\":\"\u00e9\"}}".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length - 8);
    Path file = write(jupiterFolder.resolve("latin"), text);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("its header is no UTF-8");
  }

  @Test
  void aNameTwiceIsRefused() {
    String entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    assertThatThrownBy(() -> Safetensors.read(file("{" + entry + "," + entry + "}", 4)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no JSON");
  }

  @Test
  void overlappingTensorsAreRefused() {
    String entry = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    assertThatThrownBy(() -> Safetensors.read(file("{\"a\":" + entry + ",\"b\":" + entry + "}", 4)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the values of \"b\" begin at byte 0, where those before end at 4");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 17, Long.MAX_VALUE, 40_000_001})
  void anImpossibleHeaderLengthIsRefusedBeforeAnythingIsAllocated(long length) throws IOException {
    byte[] bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    Path file = write(jupiterFolder.resolve("length"), bytes);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("does not fit a file of 24 bytes");
  }

  @Test
  void aMissingFileIsSaidToBeMissing() {
    Path file = jupiterFolder.resolve("none.safetensors");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + " does not exist");
  }

  private static Safetensors example() {
    return new Safetensors(
        new TreeMap<>(Map.of("k", "v")),
        List.of(
            new Stored("a", List.of(2, 3), new float[6]),
            new Stored("b", List.of(3), new float[3])));
  }

  private static byte[] bytes(Safetensors tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      tensors.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Path file(String header, int dataSize) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataSize).order(ByteOrder.LITTLE_ENDIAN);
    return write(jupiterFolder.resolve("header"), bytes.putLong(text.length).put(text).array());
  }

  private static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Safetensors tensors) {
    List<String> names = new ArrayList<>();
    tensors.tensors().forEach(tensor -> names.add(tensor.name()));
    return names;
  }

  private static Map<String, String> withoutLoneSurrogates(Map<String, String> texts) {
    Map<String, String> sound = new TreeMap<>();
    texts.forEach((key, value) -> sound.put(sound(key), sound(value)));
    return sound;
  }

  /** A lone surrogate has no UTF-8. */
  private static String sound(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
