package org.igcnet.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The numbers of a JSON array, in order, and its shape: that of one flat array, or of arrays within
 * arrays which all have the same length at the same depth.
 */
final class Numbers {
  private static final int FIRST = 1 << 10;

  private final float[] values;
  private final List<Integer> shape;

  private Numbers(float[] values, List<Integer> shape) {
    this.values = values;
    this.shape = shape;
  }

  /** As 32-bit numbers, all finite; not a copy. */
  float[] values() {
    return values;
  }

  /** How many elements arrays have, the outermost first. */
  List<Integer> shape() {
    return shape;
  }

  /** Reads on from an array's beginning, to its end. */
  static Numbers read(JsonParser json, int most) {
    Reader reader = new Reader(json, most);
    reader.array(0);
    return reader.numbers();
  }

  private static final class Reader {
    private final JsonParser json;
    private final int most;

    /** By depth: how many elements each array has. */
    private final List<Integer> shape = new ArrayList<>();

    /** The depth of the arrays that hold numbers; −1 as long as there is none. */
    private int deepest = -1;

    private float[] values = new float[FIRST];
    private int count;

    Reader(JsonParser json, int most) {
      this.json = json;
      this.most = most;
    }

    /** The parser bounds how deep this goes. */
    private void array(int depth) {
      int elements = 0;
      for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; elements++) {
        switch (token) {
          case START_ARRAY -> array(inner(depth));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(depth);
          default -> throw Refusal.badRequest("\"data\" holds numbers, and no " + token);
        }
        token = json.nextToken();
      }
      closed(depth, elements);
    }

    private int inner(int depth) {
      if (deepest >= 0 && depth >= deepest) {
        throw uneven();
      }
      return depth + 1;
    }

    private void number(int depth) {
      if (deepest >= 0 && depth != deepest) {
        throw uneven();
      }
      deepest = depth;
      if (count == most) {
        throw Refusal.tooLarge("\"data\" may hold %,d numbers in one request".formatted(most));
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, (int) Math.min(most, count * 2L));
      }
      float value = json.getFloatValue();
      if (!Float.isFinite(value)) {
        throw Refusal.badRequest(
            "\"data\" holds %s, which is no 32-bit number".formatted(json.getString()));
      }
      values[count++] = value;
    }

    private void closed(int depth, int elements) {
      while (shape.size() <= depth) {
        shape.add(-1);
      }
      int before = shape.set(depth, elements);
      if (before >= 0 && before != elements) {
        throw uneven();
      }
    }

    private static Refusal uneven() {
      return Refusal.badRequest(
          "\"data\" is uneven; one flat array, or arrays of the tensor's shape are right");
    }

    Numbers numbers() {
      return new Numbers(Arrays.copyOf(values, count), List.copyOf(shape));
    }
  }
}
