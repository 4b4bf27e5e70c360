package org.igcnet.backend;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.igcnet.backend.GradientExchange.Tally;

/** Where trainers of one process meet, each on a thread of its own, to add up their sums. */
public final class Meeting {
  private static final int LONGEST_WAIT_SECONDS = 60;

  private final CyclicBarrier barrier;
  private final int[] images;
  private final float[][] gradients;
  private final Tally[] tallies;
  private final double[][] joined;

  private Meeting(int trainers) {
    this.barrier = new CyclicBarrier(trainers);
    this.images = new int[trainers];
    this.gradients = new float[trainers][];
    this.tallies = new Tally[trainers];
    this.joined = new double[trainers][];
  }

  /** An exchange for each trainer. */
  public static List<GradientExchange> of(int trainers) {
    Meeting meeting = new Meeting(trainers);
    return IntStream.range(0, trainers)
        .<GradientExchange>mapToObj(rank -> meeting.new Seat(rank))
        .toList();
  }

  /** What one trainer sees of the meeting. */
  private final class Seat implements GradientExchange {
    private final int rank;

    Seat(int rank) {
      this.rank = rank;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public int trainers() {
      return images.length;
    }

    @Override
    public int images(int own) {
      images[rank] = own;
      await();
      int all = Arrays.stream(images).sum();
      await();
      return all;
    }

    @Override
    public Tally sum(float[] values, Tally own) {
      gradients[rank] = values;
      tallies[rank] = own;
      await();
      if (rank == 0) {
        GroupTree.add(trainers(), Meeting.this::add);
      }
      await();
      System.arraycopy(gradients[0], 0, values, 0, values.length);
      Tally all = tallies[0];
      await();
      return all;
    }

    @Override
    public double[] join(double[] own) {
      joined[rank] = own;
      await();
      double[] all = Arrays.stream(joined).flatMapToDouble(Arrays::stream).toArray();
      await();
      return all;
    }
  }

  private void add(int from, int to) {
    for (int i = 0; i < gradients[to].length; i++) {
      gradients[to][i] += gradients[from][i];
    }
    tallies[to] = tallies[to].plus(tallies[from]);
  }

  /** Ends for all where one of them does not come. */
  private void await() {
    try {
      barrier.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("a trainer did not come", e);
    }
  }
}
