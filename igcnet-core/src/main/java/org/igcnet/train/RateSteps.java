package org.igcnet.train;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * When the learning rate is divided: after which shares of all steps, so that a shorter training
 * has the same schedule.
 *
 * @param shares one or more, rising
 */
@JsonDeserialize(using = RateSteps.Reader.class)
public record RateSteps(List<Share> shares) implements Decline {
  private static final Pattern FORM = Pattern.compile("(\\d{1,7})(?:/(\\d{1,7}))?");

  /** {@link #CIFAR} as text. */
  public static final String CIFAR_TEXT = "1/2,3/4,7/8";

  /** The paper's on CIFAR and SVHN. Those of ImageNet are {@code 30/95,60/95,90/95}. */
  public static final RateSteps CIFAR = parse(CIFAR_TEXT, 1);

  /** With more of them the rate has long become nothing. */
  private static final int MOST = 10;

  /**
   * A share of the training, in lowest terms.
   *
   * @param numerator of the fraction
   * @param denominator of the fraction, not 0
   */
  public record Share(int numerator, int denominator) {
    /** Brings it to lowest terms. */
    public Share {
      int divisor = BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).intValue();
      numerator = divisor == 0 ? numerator : numerator / divisor;
      denominator = divisor == 0 ? denominator : denominator / divisor;
    }

    /** How many of some steps it is, rounded down. */
    long of(long steps) {
      return steps / denominator * numerator + steps % denominator * numerator / denominator;
    }

    private boolean before(Share other) {
      return (long) numerator * other.denominator < (long) other.numerator * denominator;
    }

    /** {@return the share in percent} */
    public double percent() {
      return 100.0 * numerator / denominator;
    }

    @Override
    public String toString() {
      return numerator + "/" + denominator;
    }
  }

  /**
   * Copies the shares.
   *
   * @throws IllegalArgumentException where the shares do not rise between 0 and 1, or are more than
   *     ten
   */
  public RateSteps {
    shares = List.copyOf(shares);
    if (!rising(shares)) {
      throw new IllegalArgumentException(shares + " do not rise between 0 and 1");
    }
  }

  private static boolean rising(List<Share> shares) {
    boolean rising = !shares.isEmpty() && shares.size() <= MOST;
    Share last = new Share(0, 1);
    for (Share share : shares) {
      rising &= last.before(share);
      last = share;
    }
    return rising && last.before(new Share(1, 1));
  }

  /**
   * Reads shares, {@code 1/2,3/4,7/8}, or epochs, {@code 200,300,350}.
   *
   * @param text shares or epochs, with commas between them
   * @param epochs of the whole training
   * @return the steps
   * @throws UserError where it says neither, or they do not rise between 0 and 1
   */
  public static RateSteps parse(String text, int epochs) {
    List<Share> shares = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher form = FORM.matcher(part);
      if (!form.matches()) {
        throw unclear(text);
      }
      int denominator = form.group(2) == null ? epochs : Integer.parseInt(form.group(2));
      shares.add(new Share(Integer.parseInt(form.group(1)), denominator));
    }
    return of(shares, text);
  }

  /**
   * {@return the steps after some epochs}
   *
   * @param after how many, one or more, rising
   * @param epochs of the whole training
   * @throws UserError where they do not rise between 0 and {@code epochs}
   */
  public static RateSteps after(List<Integer> after, int epochs) {
    return of(after.stream().map(epoch -> new Share(epoch, epochs)).toList(), after.toString());
  }

  private static RateSteps of(List<Share> shares, String text) {
    if (!rising(shares)) {
      throw unclear(text);
    }
    return new RateSteps(shares);
  }

  private static UserError unclear(String text) {
    return new UserError(
        "'%s' does not say when the learning rate changes; up to %d rising shares of the training such as 1/2,3/4,7/8 do, or epochs such as 30,60,90 of 95"
            .formatted(text, MOST));
  }

  /** Its shares are those of the whole training, whichever step is the first of the fall. */
  @Override
  public double at(double peak, long step, long first, long steps) {
    long divisor = 1;
    for (Share share : shares) {
      divisor *= step < share.of(steps) ? 1 : Recipe.STEP_DIVISOR;
    }
    return peak / divisor;
  }

  /** As {@link #parse} reads it. */
  @JsonValue
  @Override
  public String toString() {
    return shares.stream().map(Share::toString).collect(Collectors.joining(","));
  }

  /** Of a file that says nothing, as it is older than other steps are, they are {@link #CIFAR}. */
  static final class Reader extends StdDeserializer<RateSteps> {
    Reader() {
      super(RateSteps.class);
    }

    @Override
    public RateSteps deserialize(JsonParser parser, DeserializationContext context) {
      return parse(context.readValue(parser, String.class), 1);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return CIFAR;
    }
  }
}
