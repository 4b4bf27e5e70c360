package org.igcnet.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.GroupTree;
import org.igcnet.loss.CrossEntropy.Score;

/**
 * Adds up gradients over {@link Links}. Of P gradients and W workers each worker adds P / W, those
 * of its slice, in the order of the {@link GroupTree}, and then tells all others what they come to.
 *
 * <pre>
 *   worker r  →  worker s    what is counted, r's gradients of slice s
 *   worker s  →  all         the sums of slice s
 * </pre>
 *
 * <p>So 2 P (W − 1) / W floats leave each worker, and as many come. A message begins with its
 * number, by which workers that are out of step are found.
 */
final class Mesh implements GradientExchange {
  /** What is counted of a batch: four sums and the groups. */
  private static final int COUNTS = 5;

  private static final int HEADER = Long.BYTES;

  /** Memory for what another worker says that it has is taken for so many numbers at a time. */
  static final int PIECE = 1 << 16;

  /** What can be in one array, by pieces. */
  private static final int MOST = Integer.MAX_VALUE - PIECE;

  private final Links links;
  private final int rank;
  private final int workers;
  private final ByteBuffer[] out;
  private final ByteBuffer[] in;
  private long number;

  /** Of each worker the gradients of this worker's slice. */
  private final float[][] parts;

  Mesh(Links links) {
    this.links = links;
    this.rank = links.rank();
    this.workers = links.workers();
    this.out = new ByteBuffer[workers];
    this.in = new ByteBuffer[workers];
    this.parts = new float[workers][0];
    Arrays.fill(out, ByteBuffer.allocate(0));
    Arrays.fill(in, ByteBuffer.allocate(0));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int trainers() {
    return workers;
  }

  @Override
  public int images(int own) {
    int[] all = counts(own);
    return Arrays.stream(all).sum();
  }

  /** How many each worker says that it has of something. */
  private int[] counts(int own) {
    int[] all = new int[workers];
    all[rank] = own;
    for (int other = 0; other < workers; other++) {
      message(other, Integer.BYTES, Integer.BYTES);
      out[other].putInt(own);
    }
    swap();
    for (int other = 0; other < workers; other++) {
      all[other] = other == rank ? own : in[other].getInt();
    }
    requireCounts(all);
    return all;
  }

  /** All that is counted is put together in one array. */
  private static void requireCounts(int[] all) {
    if (Arrays.stream(all).anyMatch(count -> count < 0)
        || Arrays.stream(all).asLongStream().sum() > MOST) {
      throw new LostConnection(
          "the workers say that they have %s, which cannot be counted together"
              .formatted(Arrays.toString(all)));
    }
  }

  @Override
  public double[] join(double[] own) {
    int[] lengths = counts(own.length);
    int longest = Arrays.stream(lengths).max().orElseThrow();
    List<DoubleStream.Builder> joined =
        Stream.generate(DoubleStream::builder).limit(workers).toList();
    for (int from = 0; from < longest; from += PIECE) {
      join(piece(own, from), piece(lengths, from), joined);
    }
    return joined.stream().flatMapToDouble(DoubleStream.Builder::build).toArray();
  }

  private static double[] piece(double[] own, int from) {
    return Arrays.copyOfRange(own, Math.min(from, own.length), Math.min(from + PIECE, own.length));
  }

  private static int[] piece(int[] lengths, int from) {
    return Arrays.stream(lengths).map(length -> Math.clamp(length - from, 0, PIECE)).toArray();
  }

  private void join(double[] own, int[] lengths, List<DoubleStream.Builder> joined) {
    for (int other = 0; other < workers; other++) {
      message(other, own.length * Double.BYTES, lengths[other] * Double.BYTES);
      out[other].asDoubleBuffer().put(own);
    }
    swap();
    for (int other = 0; other < workers; other++) {
      DoubleBuffer part = other == rank ? DoubleBuffer.wrap(own) : in[other].asDoubleBuffer();
      while (part.hasRemaining()) {
        joined.get(other).add(part.get());
      }
    }
  }

  @Override
  public Tally sum(float[] gradients, Tally own) {
    Tally whole = scatter(gradients, own);
    GroupTree.add(workers, (from, to) -> add(parts[from], parts[to]));
    gather(gradients);
    return whole;
  }

  /** Gives each worker its slice, and takes this worker's slice of each. */
  private Tally scatter(float[] gradients, Tally own) {
    int values = gradients.length;
    int mine = length(rank, values);
    for (int other = 0; other < workers; other++) {
      int theirs = length(other, values);
      message(
          other,
          COUNTS * Double.BYTES + theirs * Float.BYTES,
          COUNTS * Double.BYTES + mine * Float.BYTES);
      put(out[other], own);
      out[other].asFloatBuffer().put(gradients, begin(other, values), theirs);
    }
    swap();
    Tally[] tallies = new Tally[workers];
    for (int other = 0; other < workers; other++) {
      if (parts[other].length != mine) {
        parts[other] = new float[mine];
      }
      tallies[other] = other == rank ? own : tally(in[other]);
      FloatBuffer part =
          other == rank
              ? FloatBuffer.wrap(gradients, begin(rank, values), mine)
              : in[other].asFloatBuffer();
      part.get(parts[other]);
    }
    GroupTree.add(workers, (from, to) -> tallies[to] = tallies[to].plus(tallies[from]));
    return tallies[0];
  }

  private static void add(float[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  /** Tells all workers the sums of this worker's slice, and hears those of theirs. */
  private void gather(float[] gradients) {
    int values = gradients.length;
    int mine = length(rank, values);
    for (int other = 0; other < workers; other++) {
      message(other, mine * Float.BYTES, length(other, values) * Float.BYTES);
      out[other].asFloatBuffer().put(parts[0]);
    }
    swap();
    for (int other = 0; other < workers; other++) {
      FloatBuffer sums = other == rank ? FloatBuffer.wrap(parts[0]) : in[other].asFloatBuffer();
      sums.get(gradients, begin(other, values), length(other, values));
    }
  }

  private int begin(int worker, int values) {
    return (int) ((long) values * worker / workers);
  }

  private int length(int worker, int values) {
    return begin(worker + 1, values) - begin(worker, values);
  }

  private static void put(ByteBuffer to, Tally tally) {
    Score score = tally.score();
    to.putDouble((double) score.images())
        .putDouble(score.loss())
        .putDouble((double) score.correct())
        .putDouble((double) score.correctTop5())
        .putDouble(tally.groups());
  }

  private static Tally tally(ByteBuffer from) {
    Score score =
        new Score(
            (long) from.getDouble(),
            from.getDouble(),
            (long) from.getDouble(),
            (long) from.getDouble());
    return new Tally(score, (int) from.getDouble());
  }

  /**
   * Makes room for one message to a worker and one from it, and begins the one to it.
   *
   * @param sent bytes behind the header
   * @param received bytes behind the header
   */
  private void message(int worker, int sent, int received) {
    int leaving = worker == rank ? 0 : received;
    out[worker] = room(out[worker], HEADER + sent).putLong(number);
    in[worker] = room(in[worker], HEADER + leaving);
  }

  /** The buffer, or a larger one. */
  private static ByteBuffer room(ByteBuffer buffer, int bytes) {
    ByteBuffer enough =
        buffer.capacity() >= bytes
            ? buffer
            : ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return enough.clear().limit(bytes);
  }

  private void swap() {
    for (ByteBuffer message : out) {
      message.rewind();
    }
    links.swap(out, in);
    for (int other = 0; other < workers; other++) {
      in[other].rewind();
      if (other != rank && in[other].getLong() != number) {
        throw new LostConnection(
            "worker %d is out of step with worker %d".formatted(other + 1, rank + 1));
      }
    }
    number++;
  }
}
