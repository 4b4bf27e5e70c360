package org.igcnet.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Normalization;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What the Open Inference Protocol, version 2, asks for: tensors in, tensors out.
 *
 * @param id comes back with the answer
 * @param images as the network takes them
 * @param outputs what is wanted
 */
record InferRequest(Optional<String> id, List<float[]> images, Set<Output> outputs) {
  /** In one request. */
  static final int MOST_IMAGES = 64;

  /** No way to write a number of 32 bits needs more. */
  private static final int NUMBER_LENGTH = 64;

  /** What surrounds the numbers. */
  private static final int ENVELOPE = 1 << 16;

  /** Of names, of parameters, and of the model's classes, none of which a client sends. */
  private static final int TEXT_LENGTH = 1 << 12;

  private static final int DEPTH = 16;

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxNumberLength(NUMBER_LENGTH)
                  .maxStringLength(TEXT_LENGTH)
                  .maxNameLength(TEXT_LENGTH)
                  .build())
          .build();

  /**
   * What a network takes.
   *
   * @param shape of every image
   * @param normalization of bytes
   */
  record Taken(ImageShape shape, Normalization normalization) {
    /** {@return the most bytes that a request can need, unless it is padded with spaces} */
    long mostBytes() {
      return ENVELOPE + (long) MOST_IMAGES * shape.size() * (NUMBER_LENGTH / 2);
    }

    /** As many as one array holds, where images are that large. */
    int mostImages() {
      return Math.min(MOST_IMAGES, LONGEST_ARRAY / shape.size());
    }

    private int mostNumbers() {
      return mostImages() * shape.size();
    }
  }

  /**
   * Reads a request. It is taken for hostile.
   *
   * @throws Refusal where it is no JSON, or not what the protocol and the network ask for
   */
  static InferRequest parse(byte[] body, Taken taken) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
      return new Reader(json, taken).request();
    } catch (JacksonException e) {
      throw Refusal.badRequest(
          "the body is no JSON of the protocol: "
              + e.getOriginalMessage().lines().findFirst().orElse("it is empty"));
    }
  }

  /** A tensor as it was given. */
  private static final class Tensor {
    private @Nullable String name;
    private @Nullable String datatype;
    private @Nullable List<Long> shape;
    private @Nullable Numbers data;
  }

  private static final class Reader {
    private final JsonParser json;
    private final Taken taken;
    private Optional<String> id = Optional.empty();
    private @Nullable List<float[]> images;
    private Set<Output> outputs = EnumSet.allOf(Output.class);

    Reader(JsonParser json, Taken taken) {
      this.json = json;
      this.taken = taken;
    }

    InferRequest request() {
      expect(json.nextToken() == JsonToken.START_OBJECT, "the body is one JSON object");
      fields(this::field);
      expect(json.nextToken() == null, "the body is one JSON object, and nothing behind it");
      if (images == null) {
        throw Refusal.badRequest("\"inputs\" is missing; one tensor is right, " + Input.names());
      }
      return new InferRequest(id, images, outputs);
    }

    /** A part of the document that begins with the parser's current token. */
    @FunctionalInterface
    private interface Field {
      void read(String name);
    }

    /** All of an object, whose beginning was read; each value is at hand when it is asked for. */
    private void fields(Field field) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        json.nextToken();
        field.read(name);
      }
    }

    private void field(String name) {
      switch (name) {
        case "id" -> id = Optional.of(text("\"id\""));
        case "inputs" -> images = inputs();
        case "outputs" -> outputs = outputs();
        case "parameters" -> parameters();
        default -> json.skipChildren();
      }
    }

    private String text(String what) {
      expect(json.currentToken() == JsonToken.VALUE_STRING, what + " is a text");
      return json.getString();
    }

    /** There are none that matter, but for those that ask for what is not offered. */
    private void parameters() {
      expect(json.currentToken() == JsonToken.START_OBJECT, "\"parameters\" is an object");
      fields(
          name -> {
            boolean asked =
                json.currentToken() != JsonToken.VALUE_FALSE
                    && json.currentToken() != JsonToken.VALUE_NULL;
            expect(
                !(name.startsWith("binary_data") && asked),
                "tensors are JSON here; leave \"%s\" away, or say false".formatted(name));
            json.skipChildren();
          });
    }

    private List<float[]> inputs() {
      expect(json.currentToken() == JsonToken.START_ARRAY, "\"inputs\" is an array");
      expect(json.nextToken() == JsonToken.START_OBJECT, "\"inputs\" holds one tensor");
      Tensor tensor = new Tensor();
      fields(name -> tensorField(tensor, name));
      expect(
          json.nextToken() == JsonToken.END_ARRAY,
          "\"inputs\" holds one tensor, %s, and no more".formatted(Input.names()));
      return images(tensor);
    }

    private void tensorField(Tensor tensor, String name) {
      switch (name) {
        case "name" -> tensor.name = text("an input's \"name\"");
        case "datatype" -> tensor.datatype = text("\"datatype\"");
        case "shape" -> tensor.shape = shape();
        case "data" -> {
          expect(json.currentToken() == JsonToken.START_ARRAY, "\"data\" is an array");
          tensor.data = Numbers.read(json, taken.mostNumbers());
        }
        case "parameters" -> parameters();
        default -> json.skipChildren();
      }
    }

    private List<Long> shape() {
      expect(json.currentToken() == JsonToken.START_ARRAY, "\"shape\" is an array");
      List<Long> shape = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(
            json.currentToken() == JsonToken.VALUE_NUMBER_INT && shape.size() < DEPTH,
            "\"shape\" holds a few whole numbers");
        shape.add(json.getLongValue());
      }
      return shape;
    }

    private List<float[]> images(Tensor tensor) {
      Input input = input(tensor.name);
      expect(
          input.datatype().equals(tensor.datatype),
          "the datatype of \"%s\" is %s".formatted(input.id(), input.datatype()));
      int images = images(input, tensor.shape);
      Numbers data = tensor.data;
      if (data == null) {
        throw Refusal.badRequest("\"data\" is missing");
      }
      int size = taken.shape().size();
      List<Integer> shape = Input.shape(images, taken.shape());
      expect(
          data.shape().equals(shape) || data.shape().equals(List.of(images * size)),
          "\"data\" has the shape %s; %s, or one flat array of %,d numbers is right"
              .formatted(data.shape(), shape, images * size));
      List<float[]> all = new ArrayList<>();
      for (int image = 0; image < images; image++) {
        float[] values = Arrays.copyOfRange(data.values(), image * size, (image + 1) * size);
        all.add(input.normalised(values, taken.shape(), taken.normalization()));
      }
      return all;
    }

    private static Input input(@Nullable String name) {
      return Optional.ofNullable(name)
          .flatMap(Input::named)
          .orElseThrow(
              () ->
                  Refusal.badRequest(
                      "%s; %s is right"
                          .formatted(
                              name == null
                                  ? "the input has no \"name\""
                                  : "there is no input \"%s\"".formatted(name),
                              Input.names())));
    }

    private int images(Input input, @Nullable List<Long> given) {
      if (given == null || !ofImages(given)) {
        throw Refusal.badRequest(
            "the shape of \"%s\" is %s, not %s"
                .formatted(input.id(), Input.shape(-1, taken.shape()), given));
      }
      int most = taken.mostImages();
      if (given.getFirst() > most) {
        throw Refusal.tooLarge(
            "one request may bring %d images, not %,d".formatted(most, given.getFirst()));
      }
      return given.getFirst().intValue();
    }

    private boolean ofImages(List<Long> given) {
      List<Long> one = Input.shape(1, taken.shape()).stream().map(Integer::longValue).toList();
      return given.size() == one.size()
          && given.getFirst() >= 1
          && given.subList(1, one.size()).equals(one.subList(1, one.size()));
    }

    private Set<Output> outputs() {
      expect(json.currentToken() == JsonToken.START_ARRAY, "\"outputs\" is an array");
      Set<Output> wanted = EnumSet.noneOf(Output.class);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(json.currentToken() == JsonToken.START_OBJECT, "\"outputs\" holds objects");
        fields(name -> outputField(wanted, name));
      }
      return wanted.isEmpty() ? EnumSet.allOf(Output.class) : wanted;
    }

    private void outputField(Set<Output> wanted, String name) {
      switch (name) {
        case "name" -> {
          String output = text("an output's \"name\"");
          wanted.add(
              Output.named(output)
                  .orElseThrow(
                      () ->
                          Refusal.badRequest(
                              "there is no output \"%s\", only %s"
                                  .formatted(output, Output.names()))));
        }
        case "parameters" -> parameters();
        default -> json.skipChildren();
      }
    }

    private static void expect(boolean right, String sentence) {
      if (!right) {
        throw Refusal.badRequest(sentence);
      }
    }
  }
}
