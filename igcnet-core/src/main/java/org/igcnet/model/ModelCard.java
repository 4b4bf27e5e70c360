package org.igcnet.model;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.files.DocumentFormat;
import org.igcnet.theory.NetworkCost;

/**
 * What is to be known of a trained network before one uses it: the file {@value #FILE} beside its
 * {@value ModelFolder#DESCRIPTION}.
 *
 * @param format {@code igcnet-card}
 * @param version of the format
 * @param name what the network is asked for by: small letters, digits and hyphens
 * @param network as the paper writes it
 * @param body the {@linkplain org.igcnet.arch.Body#id name} of where it changes size
 * @param depth D
 * @param input the shape of its images
 * @param classes their names, in the order of the outputs
 * @param parameters numbers that were learned
 * @param multiplyAdds multiplications and additions for one image
 * @param training how it was trained
 * @param score how well it does
 * @param weights the file {@value ModelFolder#WEIGHTS}
 * @param description the file {@value ModelFolder#DESCRIPTION}
 * @param licence whose the weights are, and what the owners of the data say
 */
public record ModelCard(
    String format,
    int version,
    String name,
    String network,
    String body,
    int depth,
    ImageShape input,
    List<String> classes,
    long parameters,
    long multiplyAdds,
    Training training,
    Score score,
    Stored weights,
    Stored description,
    String licence) {
  /** The file's name. */
  public static final String FILE = "card.json";

  static final DocumentFormat<ModelCard> FORMAT =
      new DocumentFormat<>("igcnet-card", ModelCard.class, List.of());

  /** It is the name of a folder too. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * Looks whether there can be such a network.
   *
   * @throws UserError where the name or a number cannot be
   */
  public ModelCard {
    requireName(name);
    classes = List.copyOf(classes);
    if (depth < 1 || parameters < 1 || multiplyAdds < 1) {
      throw new UserError(
          "no network has depth %d, %d parameters and %d multiply-adds"
              .formatted(depth, parameters, multiplyAdds));
    }
  }

  /**
   * How a network was trained.
   *
   * @param data on what, without the place where they lay: {@code cifar10}
   * @param epochs of the whole training
   * @param seed of the first weights, the order of the images and their variations
   * @param recipe in words
   * @param command what does the same training again in a shell; DIR stands for the data's place
   * @param run the SHA-256 of the run's description, in hexadecimal
   * @param date when it ended, in UTC: {@code 2026-11-27}
   * @param versions of the programs that did it, by name
   */
  public record Training(
      String data,
      int epochs,
      long seed,
      String recipe,
      String command,
      String run,
      String date,
      Map<String, String> versions) {
    /**
     * Copies the versions.
     *
     * @throws UserError where there is no such date, or the digest is none
     */
    public Training {
      requireSha256(run);
      try {
        LocalDate.parse(date);
      } catch (DateTimeParseException e) {
        throw new UserError("'%s' is no date; 2026-11-27 would be one".formatted(date), e);
      }
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
  }

  /**
   * How well a network does on the test images, which chose the epoch.
   *
   * @param accuracy top-1 of these weights, in percent
   * @param epoch after which the weights were taken, the best of all
   * @param lastAccuracy the same after the last epoch, which no test chose
   * @param images number of the test images
   */
  public record Score(double accuracy, int epoch, double lastAccuracy, int images) {
    /**
     * Looks whether there can be such a score.
     *
     * @throws UserError where a number is out of its range
     */
    public Score {
      if (!(accuracy >= 0 && accuracy <= 100 && lastAccuracy >= 0 && lastAccuracy <= accuracy)
          || epoch < 1
          || images < 1) {
        throw new UserError(
            "%s%% of %d images after epoch %d, and %s%% after the last, cannot be"
                .formatted(accuracy, images, epoch, lastAccuracy));
      }
    }
  }

  /**
   * A file.
   *
   * @param bytes how many it has
   * @param sha256 of these, in hexadecimal, as {@code sha256sum} tells it
   */
  public record Stored(long bytes, String sha256) {
    /**
     * Looks whether there can be such a file.
     *
     * @throws UserError where it has no bytes, or the digest is none
     */
    public Stored {
      requireSha256(sha256);
      if (bytes < 1) {
        throw new UserError("a file of %d bytes holds nothing of a network".formatted(bytes));
      }
    }
  }

  static ModelCard of(
      String name,
      Model model,
      Training training,
      Score score,
      Stored weights,
      Stored description,
      String licence) {
    Architecture architecture = model.architecture();
    NetworkCost cost = NetworkCost.of(architecture);
    return new ModelCard(
        FORMAT.name(),
        FORMAT.version(),
        name,
        architecture.network().toString(),
        architecture.body().id(),
        architecture.depth(),
        architecture.input(),
        model.classes(),
        cost.parameters(),
        cost.multiplyAdds(),
        training,
        score,
        weights,
        description,
        licence);
  }

  /** A name leads to files, so it must not lead elsewhere. */
  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new UserError(
          "'%s' is no name of a trained network; small letters, digits and hyphens between them would be"
              .formatted(name));
    }
  }

  private static void requireSha256(String digest) {
    if (!SHA256.matcher(digest).matches()) {
      throw new UserError("'%s' is no SHA-256".formatted(digest));
    }
  }
}
