package org.igcnet.cpu.predict;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.backend.FoldedNorm;
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

  /** The weights of a link, OIHW. */
  float[] fold(int link, Weights weights) {
    FoldedLink folded = links.get(link);
    float[] scale = new float[folded.convolution().outputChannels()];
    Arrays.fill(scale, 1);
    if (link == links.size() - 1 && norm.isPresent()) {
      FoldedNorm own = FoldedNorm.of(norm.get(), weights);
      for (int output = 0; output < scale.length; output++) {
        scale[output] = (float) own.scale(writes.at(output));
      }
    }
    return folded.fold(weights, scale);
  }

  /** What is added to the channel that an output channel of the last convolution is. */
  float[] shifts(Weights weights) {
    float[] shifts = new float[links.getLast().convolution().outputChannels()];
    if (norm.isPresent()) {
      FoldedNorm own = FoldedNorm.of(norm.get(), weights);
      for (int output = 0; output < shifts.length; output++) {
        shifts[output] = (float) own.shift(writes.at(output));
      }
    }
    return shifts;
  }
}
