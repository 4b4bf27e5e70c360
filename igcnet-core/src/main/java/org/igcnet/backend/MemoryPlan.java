package org.igcnet.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.igcnet.UserError;

/**
 * The memory that something takes from Java's heap, known before any of it is taken.
 *
 * @param parts what it is made of, the largest first
 */
public record MemoryPlan(List<Part> parts) {
  /** Of what takes its memory elsewhere. */
  public static final MemoryPlan NONE = new MemoryPlan(List.of());

  /** Fewer than Java allows: a row's length is added to a place without leaving its integers. */
  private static final int LONGEST = 1_800_000_000;

  private static final long MEGABYTE = 1 << 20;

  /** What Java and the program itself take. */
  private static final long PROGRAM = 16 * MEGABYTE;

  /** The collector keeps room for what it moves: one byte in so many. */
  private static final int SPARE = 32;

  /**
   * A kind of memory.
   *
   * @param what for people: {@code feature maps}
   * @param bytes with what the collector cannot use beside large arrays
   */
  public record Part(String what, long bytes) {}

  /** Brings the parts into their order, and leaves out those that take nothing. */
  public MemoryPlan {
    parts =
        parts.stream()
            .filter(part -> part.bytes() > 0)
            .sorted((a, b) -> Long.compare(b.bytes(), a.bytes()))
            .toList();
  }

  /**
   * {@return an array's length, if an array is that long}
   *
   * @param floats how long it has to be
   * @param what what it is for
   * @throws UserError where no array is that long
   */
  public static int length(long floats, String what) {
    if (floats > LONGEST) {
      throw new UserError(
          "%s would be %,d numbers, more than one array may have (%,d); take a smaller batch or a narrower network"
              .formatted(what, floats, LONGEST));
    }
    return (int) floats;
  }

  /**
   * {@return the bytes of an array: one of half a megabyte or more takes whole megabytes of its
   * own}
   *
   * @param count numbers of 32 bits
   */
  public static long floats(long count) {
    long bytes = 16 + count * Float.BYTES;
    return bytes < MEGABYTE / 2 ? bytes : Math.ceilDiv(bytes, MEGABYTE) * MEGABYTE;
  }

  /**
   * {@return this and something more}
   *
   * @param what for people: {@code feature maps}
   * @param bytes what it takes
   */
  public MemoryPlan plus(String what, long bytes) {
    List<Part> all = new ArrayList<>(parts);
    all.add(new Part(what, bytes));
    return new MemoryPlan(all);
  }

  /** {@return the bytes of all parts together} */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /**
   * {@return the heap that a process needs for it: the parts, the program, and room to move things}
   */
  public long heap() {
    long bytes = bytes() + PROGRAM;
    return bytes + bytes / SPARE;
  }

  /**
   * Looks whether the heap has room for it, beside what is there already.
   *
   * @param what for people: {@code training IGC-L24M2, depth 98, 10 classes, at batch 64}
   * @throws HeapShortage where it has not
   */
  public void requireHeap(String what) {
    if (this.equals(NONE) || heap() <= room()) {
      return;
    }
    System.gc();
    long room = room();
    if (heap() > room) {
      throw HeapShortage.ofComputing(
          "%s needs %s of memory, and Java's heap has %s of its %s left"
              .formatted(what, text(heap()), text(room), text(Runtime.getRuntime().maxMemory())),
          Math.ceilDiv(heap() + Runtime.getRuntime().maxMemory() - room, 64 * MEGABYTE) * 64);
    }
  }

  /** What the heap can still take; what nobody needs any more counts as taken. */
  private static long room() {
    Runtime java = Runtime.getRuntime();
    return java.maxMemory() - java.totalMemory() + java.freeMemory();
  }

  /**
   * {@return bytes in megabytes, or from ten thousand on in gigabytes: {@code 210 MB}}
   *
   * @param bytes how many
   */
  public static String text(long bytes) {
    return bytes < 10_000L * MEGABYTE
        ? String.format(Locale.ROOT, "%,d MB", Math.ceilDiv(bytes, MEGABYTE))
        : String.format(Locale.ROOT, "%,.1f GB", (double) bytes / (1024 * MEGABYTE));
  }
}
