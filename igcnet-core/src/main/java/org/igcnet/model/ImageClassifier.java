package org.igcnet.model;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Gatherers;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Compute;
import org.igcnet.data.FittedPicture;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.data.Picture;
import org.igcnet.data.Views;

/**
 * Says what pictures show. Thread-safe: one serves a whole program.
 *
 * <pre>{@code
 * try (ImageClassifier net = ImageClassifier.load(Path.of("runs/a"))) {
 *   Labels labels = net.classify(Path.of("cat.png"));
 *   System.out.println(labels.best().name());
 * }
 * }</pre>
 *
 * <p>Each picture is computed on one thread, the caller's. As many calls as the classifier has
 * threads compute at the same time; others wait for their turn, in the order in which they came.
 * The answer for a picture is the same bits whatever else is computed, and for any number of
 * threads.
 */
public final class ImageClassifier implements AutoCloseable {
  private final Architecture architecture;
  private final List<String> classes;
  private final Framing framing;
  private final Normalization normalization;
  private final Origin origin;
  private final int threads;
  private final SessionPool pool;

  private ImageClassifier(Model model, Compute compute, Views views) {
    this.architecture = model.architecture();
    this.classes = model.classes();
    this.framing = model.framing();
    this.normalization = model.normalization();
    this.origin = model.origin();
    this.threads = compute.threads();
    this.pool = SessionPool.of(model, compute, views);
  }

  /**
   * Loads a model, to compute on all cores.
   *
   * @param folder a model folder, or a run folder; one in a zip file's file system does as well
   * @return the classifier, to be closed
   * @throws UserError where it holds no model, or a damaged one
   */
  public static ImageClassifier load(Path folder) {
    return of(ModelFolder.read(folder));
  }

  /**
   * Loads a model.
   *
   * @param folder as in {@link #load(Path)}
   * @param threads most pictures that are computed at the same time
   * @return the classifier, to be closed
   * @throws UserError where it holds no model, or a damaged one
   * @throws IllegalArgumentException where there is not one thread
   */
  public static ImageClassifier load(Path folder, int threads) {
    Compute compute = Compute.threads(threads);
    return of(ModelFolder.read(folder), compute);
  }

  /**
   * Loads a model from two streams, such as resources in a jar, to compute on all cores.
   *
   * <pre>{@code
   * ImageClassifier.load(
   *     App.class.getResourceAsStream("/model/model.json"),
   *     App.class.getResourceAsStream("/model/model.safetensors"))
   * }</pre>
   *
   * @param description {@value ModelFolder#DESCRIPTION}; read to its end, and left open
   * @param weights {@value ModelFolder#WEIGHTS}; read to its end, and left open
   * @return the classifier, to be closed
   * @throws UserError where they are no model, or a damaged one
   */
  public static ImageClassifier load(InputStream description, InputStream weights) {
    return of(ModelFolder.read(description, weights));
  }

  /**
   * Loads a trained network that comes in a jar, to compute on all cores.
   *
   * @param name as {@link Pretrained#all} has it: {@code igc-l24m2-d8-cifar10}
   * @return the classifier, to be closed
   * @throws UserError where there is none of that name, or it is damaged
   */
  public static ImageClassifier pretrained(String name) {
    return of(Pretrained.named(name).model());
  }

  /**
   * {@return a classifier for a model, on all cores, to be closed}
   *
   * @param model its weights are copied
   */
  public static ImageClassifier of(Model model) {
    return of(model, Compute.allCores());
  }

  /**
   * {@return a classifier for a model, to be closed}
   *
   * @param model its weights are copied
   * @param compute what runs it; as many pictures as it has threads are computed at the same time
   */
  public static ImageClassifier of(Model model, Compute compute) {
    return of(model, compute, Views.ONE);
  }

  /**
   * {@return a classifier for a model that is shown several views of each picture, to be closed} It
   * takes as many times as long as there are views, and is right a little more often.
   *
   * @param model its weights are copied
   * @param compute what runs it
   * @param views what the model is shown of each picture
   */
  public static ImageClassifier of(Model model, Compute compute, Views views) {
    return new ImageClassifier(model, compute, views);
  }

  /** {@return the network} */
  public Architecture architecture() {
    return architecture;
  }

  /** {@return the names of the classes, in the order of the network's outputs} */
  public List<String> classes() {
    return classes;
  }

  /** {@return how the model came to be} */
  public Origin origin() {
    return origin;
  }

  /** {@return most pictures that are computed at the same time} */
  public int threads() {
    return threads;
  }

  /**
   * Says what a picture in a file shows: PNG, JPEG, BMP, GIF or lossless WebP, of any size.
   *
   * @param file the file
   * @return the classes
   * @throws UserError where it is missing, damaged, too large or no picture
   * @throws IllegalStateException where the classifier is closed
   */
  public Labels classify(Path file) {
    return classify(Picture.of(file));
  }

  /**
   * As {@link #classify(Path)}, of the bytes of such a file.
   *
   * @param file the bytes
   * @return the classes
   */
  public Labels classify(byte[] file) {
    return classify(Picture.of(file));
  }

  /**
   * As {@link #classify(Path)}, of the bytes of such a file that a stream gives.
   *
   * @param file is read to its end, and left open
   * @return the classes
   */
  public Labels classify(InputStream file) {
    return classify(Picture.of(file));
  }

  /**
   * As {@link #classify(Path)}, of pixels in memory.
   *
   * @param pixels of any size
   * @return the classes
   */
  public Labels classify(BufferedImage pixels) {
    return classify(Picture.of(pixels));
  }

  /**
   * Says what a picture shows.
   *
   * @param picture of any size
   * @return the classes
   * @throws UserError where it is missing, damaged, too large or no picture
   * @throws IllegalStateException where the classifier is closed
   */
  public Labels classify(Picture picture) {
    pool.requireOpen();
    ImageShape shape = architecture.input();
    FittedPicture fitted = picture.fitted(shape, framing);
    float[] normalised = normalization.applied(fitted.values(), shape);
    return pool.at(seat -> Labels.of(classes, seat.logits(normalised), fitted.resizing()));
  }

  /**
   * Says what pictures show, as many at the same time as the classifier has threads.
   *
   * @param pictures of any size
   * @return the classes of each, in the order of the pictures
   * @throws UserError as {@link #classify(Picture)}, for the first picture that is refused
   * @throws IllegalStateException where the classifier is closed
   */
  public List<Labels> classify(List<Picture> pictures) {
    return pictures.stream().gather(Gatherers.mapConcurrent(threads, this::classify)).toList();
  }

  /**
   * Gives back memory. Pictures that are computed at the moment are finished first; those that wait
   * for their turn, and all later ones, are refused.
   */
  @Override
  public void close() {
    pool.close();
  }
}
