package org.igcnet.cpu.predict;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.plan.ChannelOrder;

/**
 * Convolutions that run as one step, all but the first of them pointwise. A unit's last segment has
 * its batch normalisation in its weights: the running averages make it a scale, which goes into the
 * last convolution's rows, and a shift.
 *
 * @param links the convolutions, in order
 * @param norm what follows, if it is the unit's last segment
 * @param writes the channel that an output channel of the last convolution is
 */
record Segment(List<FoldedLink> links, Optional<BatchNorm> norm, ChannelOrder writes) {
  Segment {
    links = List.copyOf(links);
  }

  /** One that the next segment of the same unit reads, whose channels keep their order. */
  static Segment within(List<FoldedLink> links) {
    int outputs = links.getLast().convolution().outputChannels();
    return new Segment(links, Optional.empty(), ChannelOrder.identity(outputs));
  }

  /** Output channels. */
  private int channels() {
    return links.getLast().convolution().outputChannels();
  }

  /** The weights of a link, OIHW. */
  float[] fold(int link, Weights weights) {
    FoldedLink folded = links.get(link);
    boolean last = link == links.size() - 1;
    float[] scale = new float[folded.convolution().outputChannels()];
    Arrays.fill(scale, 1);
    if (last && norm.isPresent()) {
      for (int output = 0; output < scale.length; output++) {
        scale[output] = (float) scale(norm.get(), weights, writes.at(output));
      }
    }
    return folded.fold(weights, scale);
  }

  /** What is added to the channel that an output channel of the last convolution is. */
  float[] shifts(Weights weights) {
    float[] shifts = new float[channels()];
    if (norm.isPresent()) {
      int beta = weights.offset(norm.get().tensor(Role.BETA));
      int mean = weights.offset(norm.get().tensor(Role.RUNNING_MEAN));
      float[] values = weights.values();
      for (int output = 0; output < shifts.length; output++) {
        int channel = writes.at(output);
        double scale = scale(norm.get(), weights, channel);
        shifts[output] = (float) (values[beta + channel] - values[mean + channel] * scale);
      }
    }
    return shifts;
  }

  private static double scale(BatchNorm norm, Weights weights, int channel) {
    int gamma = weights.offset(norm.tensor(Role.GAMMA));
    int variance = weights.offset(norm.tensor(Role.RUNNING_VARIANCE));
    float[] values = weights.values();
    return values[gamma + channel] / Math.sqrt(values[variance + channel] + ConvUnit.EPSILON);
  }
}
