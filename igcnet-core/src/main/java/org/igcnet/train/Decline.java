package org.igcnet.train;

import com.fasterxml.jackson.annotation.JsonValue;
import org.igcnet.UserError;
import tools.jackson.databind.annotation.JsonDeserialize;

/** How the learning rate falls once it is at its highest. */
@JsonDeserialize(using = DeclineReader.class)
public sealed interface Decline permits RateSteps, Decline.Curve {
  /**
   * {@return the learning rate of a step}
   *
   * @param peak the highest
   * @param step from {@code first}
   * @param first the step in which it is at its highest
   * @param steps of the whole training
   */
  double at(double peak, long step, long first, long steps);

  /**
   * Reads a curve's name, {@code cosine}, or {@linkplain RateSteps#parse steps}.
   *
   * @param text as the decline writes itself
   * @return the decline
   * @throws UserError where it says neither
   */
  static Decline parse(String text) {
    for (Curve curve : Curve.values()) {
      if (curve.toString().equals(text)) {
        return curve;
      }
    }
    return RateSteps.parse(text, 1);
  }

  /** A fall that never rests, down to almost 0 in the last step. */
  enum Curve implements Decline {
    /** Half a period of the cosine. */
    COSINE("cosine") {
      @Override
      double left(double share) {
        return (1 + StrictMath.cos(Math.PI * share)) / 2;
      }
    },
    /** By the same amount in each step. */
    LINEAR("linear") {
      @Override
      double left(double share) {
        return 1 - share;
      }
    };

    private final String id;

    Curve(String id) {
      this.id = id;
    }

    /** What is left of the rate after a share of the fall. */
    abstract double left(double share);

    @Override
    public double at(double peak, long step, long first, long steps) {
      return peak * left((double) (step - first) / (steps - first));
    }

    /** Its name in files. */
    @JsonValue
    @Override
    public String toString() {
      return id;
    }
  }
}
