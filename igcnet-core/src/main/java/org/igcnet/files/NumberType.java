package org.igcnet.files;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/**
 * What the numbers of a tensor in a safetensors file are, by the word that the file has for it.
 * This program writes {@link #F32} alone.
 */
public enum NumberType {
  /** 64-bit floats. */
  F64(Double.BYTES) {
    @Override
    void put(String tensor, ByteBuffer from, int many, FloatBuffer to) {
      for (int i = 0; i < many; i++) {
        double value = from.getDouble(i * Double.BYTES);
        float rounded = (float) value;
        if (Float.isInfinite(rounded) && Double.isFinite(value)) {
          throw new UserError(
              Kind.DAMAGED,
              "the tensor %s holds %s, which is too large for a 32-bit float"
                  .formatted(tensor, value));
        }
        to.put(rounded);
      }
    }
  },

  /** 32-bit floats. */
  F32(Float.BYTES) {
    @Override
    void put(String tensor, ByteBuffer from, int many, FloatBuffer to) {
      to.put(from.asFloatBuffer().limit(many));
    }
  },

  /** 16-bit floats of IEEE 754. */
  F16(Short.BYTES) {
    @Override
    void put(String tensor, ByteBuffer from, int many, FloatBuffer to) {
      for (int i = 0; i < many; i++) {
        to.put(Float.float16ToFloat(from.getShort(i * Short.BYTES)));
      }
    }
  },

  /** The upper halves of 32-bit floats. */
  BF16(Short.BYTES) {
    @Override
    void put(String tensor, ByteBuffer from, int many, FloatBuffer to) {
      for (int i = 0; i < many; i++) {
        to.put(Float.intBitsToFloat(from.getShort(i * Short.BYTES) << Short.SIZE));
      }
    }
  },

  /** 64-bit whole numbers, which are counters and no weights. */
  I64(Long.BYTES) {
    @Override
    void put(String tensor, ByteBuffer from, int many, FloatBuffer to) {
      throw new UserError(
          Kind.DAMAGED, "the tensor %s holds whole numbers, no floats".formatted(tensor));
    }
  };

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  /** Of one number. */
  int bytes() {
    return bytes;
  }

  /**
   * Makes 32-bit floats of numbers.
   *
   * @param tensor its name, for refusals
   * @param from little-endian, from its beginning on
   * @param many how many
   * @param to where they go
   * @throws UserError where a float cannot hold one
   */
  abstract void put(String tensor, ByteBuffer from, int many, FloatBuffer to);
}
