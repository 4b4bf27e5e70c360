package org.igcnet.cpu.plain;

import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.cpu.plain.Loops.Coefficients;

/**
 * Batch normalisation, with its own statistics for each group of images.
 *
 * @param from has every number at the same index as {@code to}
 * @param statistics where the mean and the inverse deviation of each channel of each group stand
 */
record NormLayer(BatchNorm norm, Place from, Place to, int statistics) implements Layer {
  @Override
  public void forward(Workspace work) {
    if (work.ownStatistics()) {
      work.eachRun(from, (group, channel, length) -> measure(work, group, channel, length));
      work.addGroups(2 * channels());
      work.setGradients(0, channels(), offset(work, Role.RUNNING_MEAN));
      work.setGradients(channels(), channels(), offset(work, Role.RUNNING_VARIANCE));
    } else {
      work.eachRun(from, (group, channel, length) -> take(work, group, channel));
    }
    work.eachRun(from, (group, channel, length) -> normalise(work, group, channel, length));
  }

  /** A channel's mean and variance; what the running averages shall move to goes to the sums. */
  private void measure(Workspace work, int group, int channel, int length) {
    float[] x = work.values(from);
    int at = from.index(group, channel);
    double n = count(work, group);
    double mean = Loops.sum(x, at, length) / n;
    double variance = Math.max(0, Loops.sumProducts(x, x, at, length) / n - mean * mean);
    set(work, group, channel, mean, variance);
    int sum = group * 2 * channels() + channel;
    work.sums()[sum] = (float) mean;
    work.sums()[sum + channels()] = (float) (variance * (n > 1 ? n / (n - 1) : 1));
  }

  /** Takes the running averages. */
  private void take(Workspace work, int group, int channel) {
    float[] weights = work.weights();
    set(
        work,
        group,
        channel,
        weights[offset(work, Role.RUNNING_MEAN) + channel],
        weights[offset(work, Role.RUNNING_VARIANCE) + channel]);
  }

  private void set(Workspace work, int group, int channel, double mean, double variance) {
    int at = statistics(group, channel);
    work.statistics()[at] = mean;
    work.statistics()[at + 1] = 1 / Math.sqrt(variance + ConvUnit.EPSILON);
  }

  private void normalise(Workspace work, int group, int channel, int length) {
    float[] y = work.values(to);
    int statistics = statistics(group, channel);
    double mean = work.statistics()[statistics];
    double scale = gamma(work, channel) * work.statistics()[statistics + 1];
    float shift = (float) (work.weights()[offset(work, Role.BETA) + channel] - mean * scale);
    int at = to.index(group, channel);
    Loops.scale(work.values(from), (float) scale, shift, y, at, length);
    to.grid().clearBorders(y, at, 0, length);
    to.grid().clearEnds(y, at, work.images(group));
  }

  @Override
  public void backward(Workspace work) {
    work.eachRun(from, (group, channel, length) -> backward(work, group, channel, length));
    work.addGroups(2 * channels());
    work.setGradients(0, channels(), offset(work, Role.GAMMA));
    work.setGradients(channels(), channels(), offset(work, Role.BETA));
  }

  /**
   * With x̂ = (x − mean)/deviation, dx = γ/deviation · (g − Σg/n − x̂ · Σ(g·x̂)/n), computed as a·g
   * + b·x + c.
   */
  private void backward(Workspace work, int group, int channel, int length) {
    float[] x = work.values(from);
    float[] g = work.gradients(to);
    int at = to.index(group, channel);
    final double n = count(work, group);
    double mean = work.statistics()[statistics(group, channel)];
    double inverse = work.statistics()[statistics(group, channel) + 1];
    double sum = Loops.sum(g, at, length);
    double normalised = inverse * (Loops.sumProducts(g, x, at, length) - mean * sum);
    double a = gamma(work, channel) * inverse;
    double b = -a * inverse * normalised / n;
    double c = -a * sum / n - b * mean;
    float[] dx = work.gradients(from);
    Loops.add(new Coefficients((float) a, (float) b, (float) c), g, x, dx, at, length);
    from.grid().clearBorders(dx, at, 0, length);
    int sums = group * 2 * channels() + channel;
    work.sums()[sums] = (float) normalised;
    work.sums()[sums + channels()] = (float) sum;
  }

  private int channels() {
    return from.channels();
  }

  private int statistics(int group, int channel) {
    return statistics + 2 * (group * channels() + channel);
  }

  private float gamma(Workspace work, int channel) {
    return work.weights()[offset(work, Role.GAMMA) + channel];
  }

  private int offset(Workspace work, Role role) {
    return work.offset(norm.tensor(role));
  }

  private double count(Workspace work, int group) {
    return (double) work.images(group) * from.grid().pixels();
  }

  @Override
  public long sums() {
    return 2L * channels();
  }
}
