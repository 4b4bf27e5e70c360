package org.igcnet.cpu.plain;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.memory.Crew;

/** The memory of a network, and the threads that work in it. */
final class Workspace implements AutoCloseable {
  /** Rows of a run that a thread computes at a time. */
  private static final int BLOCK = 8;

  private final Weights weights;
  private final float[] gradients;
  private final float[][] values;
  private final float[][] valueGradients;
  private final double[] statistics;
  private final float[] sums;
  private final float[] turned;
  private final float[][][] rows;
  private final Crew crew;
  private NormGroups groups;
  private boolean ownStatistics;

  /**
   * Takes all memory.
   *
   * @param groups of the largest batch
   */
  Workspace(NormGroups groups, Lengths lengths, Weights weights, int threads) {
    this.groups = groups;
    this.weights = weights;
    this.gradients = new float[lengths.learning() ? weights.values().length : 0];
    this.values = arrays(lengths.values(), "a feature map");
    this.valueGradients = arrays(lengths.gradients(), "the gradient of a feature map");
    this.statistics = new double[lengths.statistics()];
    this.sums = new float[MemoryPlan.length(lengths.sums(), "the gradients of a layer's weights")];
    this.turned = new float[MemoryPlan.length(lengths.turned(), "the weights of a layer")];
    this.rows = new float[threads][lengths.rows()][Loops.ROW];
    // Last, so that a network that there is no memory for leaves no threads behind.
    this.crew = new Crew(threads);
  }

  private static float[][] arrays(Slots slots, String what) {
    float[][] memory =
        slots.floats().stream()
            .map(floats -> new float[MemoryPlan.length(floats, what)])
            .toArray(float[][]::new);
    return slots.slots().stream().map(slot -> memory[slot]).toArray(float[][]::new);
  }

  /**
   * A batch begins.
   *
   * @param ownStatistics whether norms take the batch's own statistics, or the running averages
   */
  void begin(NormGroups groups, boolean ownStatistics) {
    this.groups = groups;
    this.ownStatistics = ownStatistics;
  }

  /** Copies images of a batch, from {@code first} on, to their place. */
  void take(ImageBatch batch, int first, Place to) {
    float[] values = values(to);
    Grid grid = to.grid();
    eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          for (int image = 0; image < images(group); image++) {
            int from = batch.start(first + groups.first(group) + image) + channel * grid.pixels();
            for (int row = 0; row < grid.height(); row++) {
              System.arraycopy(
                  batch.pixels(),
                  from + row * grid.width(),
                  values,
                  at + grid.row(image, row),
                  grid.width());
            }
          }
          grid.clearBorders(values, at, 0, length);
          grid.clearEnds(values, at, images(group));
        });
  }

  /** What is done with a value of a map of one position. */
  @FunctionalInterface
  interface Value {
    /**
     * Takes it.
     *
     * @param at its index in the map's memory
     * @param image its image in the batch
     */
    void take(int at, int image, int channel);
  }

  /** Goes through a map of one position, image by image. */
  void eachValue(Place map, Value value) {
    for (int group = 0; group < groups.count(); group++) {
      for (int image = 0; image < images(group); image++) {
        int place = map.grid().row(image, 0);
        for (int channel = 0; channel < map.channels(); channel++) {
          value.take(map.index(group, channel) + place, groups.first(group) + image, channel);
        }
      }
    }
  }

  /** Work on one channel of a group. */
  @FunctionalInterface
  interface RunWork {
    /**
     * Does it.
     *
     * @param length positions of its run
     */
    void run(int group, int channel, int length);
  }

  /** Does what there is to do for each channel of a map. */
  void eachRun(Place map, RunWork work) {
    eachTask(
        map.channels(),
        (group, channel, _) -> work.run(group, channel, map.grid().run(images(group))));
  }

  /** Work of which each group has as much. */
  @FunctionalInterface
  interface GroupWork {
    /**
     * Does a task.
     *
     * @param task its index within the group
     * @param rows the thread's own
     */
    void run(int group, int task, float[][] rows);
  }

  /** Does {@code tasks} tasks for each group. */
  void eachTask(int tasks, GroupWork work) {
    crew.run(
        groups.count() * tasks,
        (task, worker) -> work.run(task / tasks, task % tasks, rows[worker]));
  }

  /**
   * A stretch of the runs of a partition's channels.
   *
   * @param from where it begins in each
   * @param length its positions, at most a row's length
   */
  record Stretch(int group, int partition, int from, int length) {}

  /** Work on one stretch. */
  @FunctionalInterface
  interface StretchWork {
    /**
     * Does it.
     *
     * @param rows the thread's own
     */
    void run(Stretch stretch, float[][] rows);
  }

  /** Does what there is to do for each stretch of each partition. */
  void eachStretch(Grid grid, int partitions, StretchWork work) {
    int step = BLOCK * Loops.ROW;
    int blocks = Math.ceilDiv(grid.run(most()), step);
    eachTask(
        blocks * partitions,
        (group, task, rows) -> {
          int begin = task / partitions * step;
          int end = Math.min(begin + step, grid.run(images(group)));
          for (int from = begin; from < end; from += Loops.ROW) {
            int length = Math.min(Loops.ROW, end - from);
            work.run(new Stretch(group, task % partitions, from, length), rows);
          }
        });
  }

  /** Images of a group. */
  int images(int group) {
    return groups.images(group);
  }

  private int most() {
    return IntStream.range(0, groups.count()).map(this::images).max().orElse(0);
  }

  /** Whether norms take the batch's own statistics. */
  boolean ownStatistics() {
    return ownStatistics;
  }

  /** The memory that a map lies in. */
  float[] values(Place place) {
    return values[place.storage()];
  }

  /** The memory that its gradient lies in. */
  float[] gradients(Place place) {
    return valueGradients[place.storage() - 1];
  }

  /** Whether it has a gradient: the images have none. */
  boolean learns(Place place) {
    return place.storage() > 0;
  }

  /** Makes the gradient of a storage, which is not that of the images, zero. */
  void clearGradient(int storage) {
    float[] gradient = valueGradients[storage - 1];
    int pieces = Math.ceilDiv(gradient.length, BLOCK * Loops.ROW);
    crew.run(
        pieces,
        (piece, _) ->
            Arrays.fill(
                gradient,
                piece * BLOCK * Loops.ROW,
                Math.min((piece + 1) * BLOCK * Loops.ROW, gradient.length),
                0));
  }

  /** All weights, see {@link #offset}. */
  float[] weights() {
    return weights.values();
  }

  /** Where a tensor begins among the weights and their gradients. */
  int offset(String tensor) {
    return weights.offset(tensor);
  }

  /** The gradients of the weights, laid out as these. */
  float[] weightGradients() {
    return gradients;
  }

  /** Room for one layer's weights in another order. */
  float[] turned() {
    return turned;
  }

  /** What norms keep from forward to backward. */
  double[] statistics() {
    return statistics;
  }

  /** What groups have summed up for one layer, one group after the other. */
  float[] sums() {
    return sums;
  }

  /** Adds the groups' sums by their tree; each group has {@code count} of them. */
  void addGroups(int count) {
    groups.add(
        (from, to) -> {
          for (int i = 0; i < count; i++) {
            sums[to * count + i] += sums[from * count + i];
          }
        });
  }

  /** Copies some of the sums over all groups to the gradients of a tensor. */
  void setGradients(int from, int count, int offset) {
    System.arraycopy(sums, from, gradients, offset, count);
  }

  /** Stops the threads. */
  @Override
  public void close() {
    crew.close();
  }
}
