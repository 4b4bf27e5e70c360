package org.igcnet.bench;

/**
 * One pass over more memory than caches hold, each value read once and written once in its place,
 * so that no byte moves that is not counted.
 */
final class MemoryPass {
  /** Values of one thread's memory: 64 MiB. */
  static final int FLOATS = 1 << 24;

  /** Bytes that one run moves. */
  static final long BYTES = 2L * FLOATS * Float.BYTES;

  private MemoryPass() {}

  /** One plain loop, which the JIT turns into vectors. */
  static void run(float[] memory) {
    for (int i = 0; i < memory.length; i++) {
      memory[i] = 0.5f * memory[i] + 1;
    }
  }
}
