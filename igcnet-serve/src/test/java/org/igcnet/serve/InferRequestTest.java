package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.AbstractThrowableAssert;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Normalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferRequestTest {
  private static final ImageShape SHAPE = new ImageShape(3, 2, 2);

  private static final InferRequest.Taken TAKEN =
      new InferRequest.Taken(SHAPE, new Normalization(List.of(10f, 20f, 30f), List.of(2f, 4f, 8f)));

  private static final String TWELVE = "1,2,3,4,5,6,7,8,9,10,11,12";

  private static InferRequest parse(String json) {
    return InferRequest.parse(json.getBytes(StandardCharsets.UTF_8), TAKEN);
  }

  private static String request(String name, String datatype, String shape, String data) {
    return """
        {"inputs": [{"name": "%s", "datatype": "%s", "shape": %s, "data": %s}]}"""
        .formatted(name, datatype, shape, data);
  }

  private static String floats(String shape, String data) {
    return request("normalised", "FP32", shape, data);
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String json, int status) {
    return assertThatThrownBy(() -> parse(json))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.answer().status()).isEqualTo(status));
  }

  @Test
  void bytesAreNormalised() {
    InferRequest request = parse(request("image", "UINT8", "[1,3,2,2]", "[" + TWELVE + "]"));
    assertThat(request.images()).hasSize(1);
    assertThat(request.images().getFirst())
        .containsExactly(
            -4.5f, -4, -3.5f, -3, -3.75f, -3.5f, -3.25f, -3, -2.625f, -2.5f, -2.375f, -2.25f);
    assertThat(request.outputs()).containsExactly(Output.values());
    assertThat(request.id()).isEmpty();
  }

  @Test
  void numbersMayStandInArraysOfTheTensorsShapeAndBeforeIt() {
    InferRequest request =
        parse(
            """
            {"id": "a", "inputs": [{"data": [[[[1,2],[3,4]],[[5,6],[7,8]],[[9,10],[11,-1.5e0]]],
              [[[1,2],[3,4]],[[5,6],[7,8]],[[9,10],[11,12]]]], "shape": [2,3,2,2],
              "parameters": {"x": 1, "binary_data": false}, "more": {"a": [1]},
              "datatype": "FP32", "name": "normalised"}],
             "outputs": [{"name": "label", "parameters": {}}, {"name": "logits"}]}
            """);
    assertThat(request.id()).contains("a");
    assertThat(request.images()).hasSize(2);
    assertThat(request.images().getFirst())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1.5f);
    assertThat(request.outputs()).containsExactly(Output.LOGITS, Output.LABEL);
  }

  @Test
  void numbersThatAreNone() {
    for (String value : List.of("NaN", "Infinity", "-Infinity", "01", "+1", "0x1", "1e", "--1")) {
      assertRefused(floats("[1,3,2,2]", "[" + TWELVE.replace("12", value) + "]"), 400)
          .hasMessageStartingWith("the body is no JSON of the protocol: ");
    }
    for (String value : List.of("1e999", "-1e39", "3.5e38")) {
      assertRefused(floats("[1,3,2,2]", "[" + TWELVE.replace("12", value) + "]"), 400)
          .hasMessage("\"data\" holds %s, which is no 32-bit number", value);
    }
    for (String value : List.of("null", "true", "\"1\"", "{}")) {
      assertRefused(floats("[1,3,2,2]", "[" + TWELVE.replace("12", value) + "]"), 400)
          .hasMessageStartingWith("\"data\" holds numbers, and no ");
    }
    for (String value : List.of("256", "-1", "1.5")) {
      assertRefused(
              request("image", "UINT8", "[1,3,2,2]", "[" + TWELVE.replace("12", value) + "]"), 400)
          .hasMessageEndingWith("is no UINT8; whole numbers from 0 to 255 are");
    }
    String digits = "1".repeat(100);
    assertRefused(floats("[1,3,2,2]", "[" + digits + "]"), 400).hasMessageContaining("length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,3,2]",
        "[1,3,2,3]",
        "[0,3,2,2]",
        "[-1,3,2,2]",
        "[3,2,2]",
        "[1,1,12,1]",
        "[]",
        "[1,2147483648,2,2]",
        "[1,4294967299,2,2]",
      })
  void shapesThatTheNetworkDoesNotTake(String shape) {
    assertRefused(floats(shape, "[" + TWELVE + "]"), 400)
        .hasMessageStartingWith("the shape of \"normalised\" is [-1, 3, 2, 2], not [");
  }

  @Test
  void shapesThatOverflow() {
    assertRefused(floats("[65,3,2,2]", "[1]"), 413)
        .hasMessage("one request may bring 64 images, not 65");
    assertRefused(floats("[4294967297,3,2,2]", "[1]"), 413);
    assertRefused(floats("[9223372036854775807,3,2,2]", "[1]"), 413);
    assertRefused(floats("[9223372036854775808,3,2,2]", "[1]"), 400);
    assertRefused(floats("[1e0,3,2,2]", "[1]"), 400);
    assertRefused(floats("[" + "1,".repeat(100) + "1]", "[1]"), 400);
  }

  @Test
  void countsThatDoNotFit() {
    assertRefused(floats("[1,3,2,2]", "[" + TWELVE + ",13]"), 400)
        .hasMessage(
            "\"data\" has the shape [13]; [1, 3, 2, 2], or one flat array of 12 numbers is right");
    assertRefused(floats("[1,3,2,2]", "[]"), 400);
    assertRefused(floats("[1,3,2,2]", "[[" + TWELVE + "]]"), 400);
    assertRefused(floats("[1,3,2,2]", "[[1,2],[3]]"), 400).hasMessageContaining("uneven");
    assertRefused(floats("[1,3,2,2]", "[[1,2],3]"), 400).hasMessageContaining("uneven");
    assertRefused(floats("[1,3,2,2]", "[1,[2]]"), 400).hasMessageContaining("uneven");
    assertRefused(floats("[1,3,2,2]", "[[[1]],[2]]"), 400).hasMessageContaining("uneven");
    assertRefused(floats("[1,3,2,2]", "[" + "1,".repeat(64 * 12) + "1]"), 413)
        .hasMessage("\"data\" may hold 768 numbers in one request");
  }

  @Test
  void depthAndSizes() {
    assertRefused(floats("[1,3,2,2]", "[".repeat(100_000)), 400).hasMessageContaining("depth");
    assertRefused("[".repeat(100_000), 400);
    assertRefused("{\"x\":".repeat(100_000), 400).hasMessageContaining("depth");
    assertRefused("{\"id\": \"" + "a".repeat(100_000) + "\"}", 400).hasMessageContaining("length");
    assertRefused("{\"" + "a".repeat(100_000) + "\": 1}", 400).hasMessageContaining("length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | the body is one JSON object",
        "[] | the body is one JSON object",
        "null | the body is one JSON object",
        "{} | \"inputs\" is missing; one tensor is right",
        "{\"inputs\": {}} | \"inputs\" is an array",
        "{\"inputs\": []} | \"inputs\" holds one tensor",
        "{\"inputs\": [1]} | \"inputs\" holds one tensor",
        "{\"inputs\": [{}]} | the input has no \"name\"; \"image\" (UINT8) or \"normalised\" (FP32) is right",
        "{\"id\": 1} | \"id\" is a text",
        "{\"id\": \"a\", \"id\": \"b\"} | the body is no JSON of the protocol: Duplicate",
        "{\"outputs\": [{\"name\": \"x\"}]} | there is no output \"x\", only logits, probabilities, label",
        "{\"outputs\": [1]} | \"outputs\" holds objects",
        "{\"parameters\": {\"binary_data_output\": true}} | tensors are JSON here; leave \"binary_data_output\" away",
        "{\"parameters\": 1} | \"parameters\" is an object",
        "{\"inputs\": [{\"shape\": 1}]} | \"shape\" is an array",
        "{\"inputs\": [{\"data\": 1}]} | \"data\" is an array",
        "{\"inputs\": [{\"data\": [1 | the body is no JSON of the protocol: Unexpected end",
      })
  void whatIsNotTheProtocol(String json, String sentence) {
    assertRefused(json, 400).hasMessageStartingWith(sentence);
  }

  @Test
  void moreThanOneOfWhatThereIsOne() {
    String tensor =
        "{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[1,3,2,2],\"data\":[" + TWELVE + "]}";
    assertThat(parse("{\"inputs\":[" + tensor + "]}").images()).hasSize(1);
    assertRefused("{\"inputs\":[" + tensor + "," + tensor + "]}", 400)
        .hasMessageContaining("and no more");
    assertRefused("{\"inputs\":[" + tensor + "]} {}", 400).hasMessageContaining("nothing behind");
    assertRefused(request("image", "FP32", "[1,3,2,2]", "[" + TWELVE + "]"), 400)
        .hasMessage("the datatype of \"image\" is UINT8");
  }

  @Property(tries = 200)
  void flatAndNestedAreTheSame(@ForAll @IntRange(min = 1, max = 64) int images, @ForAll long seed) {
    float[] values = new float[images * SHAPE.size()];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
    }
    String shape = "[%d,3,2,2]".formatted(images);
    List<float[]> flat = parse(floats(shape, Arrays.toString(values))).images();
    List<float[]> nested = parse(floats(shape, nested(values, images))).images();
    assertThat(flat).hasSize(images);
    for (int image = 0; image < images; image++) {
      int from = image * SHAPE.size();
      assertThat(flat.get(image))
          .isEqualTo(Arrays.copyOfRange(values, from, from + SHAPE.size()))
          .isEqualTo(nested.get(image));
    }
  }

  private static String nested(float[] values, int images) {
    List<Object> all = new ArrayList<>();
    int at = 0;
    for (int image = 0; image < images; image++) {
      List<Object> channels = new ArrayList<>();
      for (int channel = 0; channel < SHAPE.channels(); channel++) {
        List<Object> rows = new ArrayList<>();
        for (int row = 0; row < SHAPE.height(); row++) {
          rows.add(List.of(values[at++], values[at++]));
        }
        channels.add(rows);
      }
      all.add(channels);
    }
    return all.toString();
  }

  /** Whatever becomes of a request on its way, it is parsed or refused. */
  @Property(tries = 2000)
  void damageIsRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder json =
        new StringBuilder(
            "{\"id\":\"7\",\"parameters\":{\"a\":[1,{}]},\"inputs\":[{\"name\":\"normalised\","
                + "\"datatype\":\"FP32\",\"shape\":[1,3,2,2],\"data\":["
                + String.join(",", Collections.nCopies(12, "1.25"))
                + "]}],\"outputs\":[{\"name\":\"logits\"}]}");
    for (int damage = random.nextInt(4); damage >= 0; damage--) {
      int at = random.nextInt(json.length());
      switch (random.nextInt(4)) {
        case 0 -> json.setLength(Math.max(1, at));
        case 1 -> json.deleteCharAt(at);
        case 2 -> json.insert(at, "[]{},:\"19eN-.\\".charAt(random.nextInt(14)));
        default -> json.setCharAt(at, (char) random.nextInt(256));
      }
      if (json.isEmpty()) {
        break;
      }
    }
    Throwable met = catchThrowable(() -> parse(json.toString()));
    assertThat(met == null || met instanceof Refusal).as("%s: %s", json, met).isTrue();
  }
}
