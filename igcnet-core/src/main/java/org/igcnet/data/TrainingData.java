package org.igcnet.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;

/**
 * What is remembered of the data that a network was trained on: enough to open them again wherever
 * they lie now, and to know them where they are named to score the network with.
 *
 * @param name how the user named them, with all that decides which images they are; a program may
 *     have called data of its own as it likes
 * @param folder where they were, absolute; nothing for models that lie alone and older runs
 * @param classes the network's, in the order of its outputs
 * @param shape of every image
 * @param normalization of the training images
 * @param listing the SHA-256 of their listing; nothing for other images than pictures, and for what
 *     older versions wrote
 * @param files that listing, where it is at hand
 */
public record TrainingData(
    String name,
    Optional<Path> folder,
    List<String> classes,
    ImageShape shape,
    Normalization normalization,
    Optional<String> listing,
    Optional<List<ListedFile>> files) {
  /** So many of a listing's pictures may be missing before it is one of other data: a tenth. */
  private static final int MOST_MISSING = 10;

  /** What the first programs called a test set: a folder, or a word in a tar file's name. */
  private static final Pattern FIRST_TESTS =
      Pattern.compile("(?<![a-z])(val|test|validation)(?![a-z])");

  /** Copies the names of the classes. */
  public TrainingData {
    classes = List.copyOf(classes);
  }

  /**
   * The name in its parts.
   *
   * @throws UserError where it is none that data can be opened by
   */
  private DataSpec spec() {
    if (OwnImages.isName(name)) {
      throw new UserError(
          Kind.DATA,
          "the images that this was trained on are a program's own, which has to give them again");
    }
    return DataSpec.parse(name);
  }

  /**
   * Opens the data again, to go on with the training. Pictures that are no longer what they were
   * keep their places and are left out.
   *
   * @param elsewhere what they are called now, if not as they were; what it does not say is as it
   *     was
   * @param listener hears how far it is, now and whenever all images are gone through
   * @return what to learn and to test with
   * @throws UserError where the data are missing, or cannot be the same
   */
  public Splits again(Optional<DataSpec> elsewhere, WorkListener listener) {
    DataSpec spec = spec();
    DataSpec wanted = elsewhere.map(given -> completed(given, spec)).orElse(spec);
    Path at = elsewhere.isPresent() ? wanted.place() : place(spec);
    if (!wanted.kind().pictures()) {
      return Splits.open(wanted, at, Known.NOTHING, listener);
    }
    PictureSource.Parts parts =
        asItBegan(wanted, Splits.parts(wanted, at, known(wanted), listener));
    if (!mostlyThere(parts)) {
      throw new UserError(
          Kind.DATA,
          "'%s' is not the data that the training began with: of its %,d pictures %,d are missing or have changed; the first: %s"
              .formatted(at, parts.size(), parts.missing().size(), parts.missing().getFirst()));
    }
    return PictureSet.splits(wanted, parts, listener);
  }

  /**
   * {@return whether some images are those that are remembered, divided and sized as they were, but
   * for a few pictures that have gone or changed since} Others may have come.
   *
   * @param now images as they are opened now
   */
  public boolean isMostlyIn(Splits now) {
    Optional<DataSpec> given = DataSpec.known(now.spec());
    if (files.isEmpty() || given.isEmpty() || !given.get().dividedAs(spec())) {
      return false;
    }
    Set<ListedFile> there = now.files().collect(Collectors.toSet());
    long missing = files.get().stream().filter(file -> !there.contains(file)).count();
    return MOST_MISSING * missing <= files.get().size();
  }

  private static DataSpec completed(DataSpec given, DataSpec spec) {
    if (given.kind() != spec.kind()) {
      throw new UserError(
          Kind.DATA,
          "'%s' are data of another kind than '%s', on which the training began"
              .formatted(given, spec));
    }
    DataSpec sized = spec.size().isPresent() ? given.orSize(spec.size().getAsInt()) : given;
    DataSpec wanted = spec.heldOut().isPresent() ? sized.orDivided(spec) : sized;
    if (!wanted.dividedAs(spec)) {
      throw new UserError(
          Kind.DATA,
          "'%s' is not divided and sized as '%s' was when the training began"
              .formatted(wanted, spec));
    }
    return spec.strict() ? wanted.strictly() : wanted;
  }

  /** Tar files are the same whole, or they are others. */
  private Known known(DataSpec wanted) {
    return new Known(
        Optional.of(classes), files.filter(_ -> wanted.kind() != DataSpec.Kind.SHARDS));
  }

  /** Without a test set whose name no program knew when runs listed no pictures yet. */
  private PictureSource.Parts asItBegan(DataSpec wanted, PictureSource.Parts parts) {
    boolean tars = wanted.kind() == DataSpec.Kind.SHARDS;
    boolean known =
        parts
            .files()
            .filter(ListedFile::test)
            .map(file -> tars ? file.name() : file.name().split("/", 2)[0])
            .anyMatch(name -> FIRST_TESTS.matcher(name).find());
    return listing.isPresent() || known ? parts : parts.withoutTest();
  }

  private static boolean mostlyThere(PictureSource.Parts parts) {
    return (long) MOST_MISSING * parts.missing().size() <= parts.size();
  }

  /** Where the data were, if that is still there; else where their name leads from here. */
  private Path place(DataSpec spec) {
    return folder.filter(Files::isDirectory).orElseGet(spec::place);
  }

  /**
   * Opens images of the training's own data to score the network with: those that it did not learn
   * from, as far as any were held out.
   *
   * @param options what is said of the data beside their name; a held-out share is taken in any
   *     case
   * @param listener hears how far it is
   * @return the images, and what they are to the training
   * @throws UserError where the data are missing, or lie there and are no longer the same
   */
  public Scored toScore(UnaryOperator<DataSpec> options, WorkListener listener) {
    DataSpec spec = spec();
    DataSpec wanted = options.apply(spec);
    boolean divided = !wanted.heldOut().equals(spec.heldOut());
    return toScore(wanted, place(spec), divided, true, listener);
  }

  /**
   * Opens images of any data to score the network with. If they are the training's own, wherever
   * they lie, these are the ones that it did not learn from; of other data the test set where one
   * lies apart, else all. A held-out share that is given is taken in any case.
   *
   * @param given the data; their size is the network's where none is said
   * @param listener hears how far it is
   * @return the images, and what they are to the training
   * @throws UserError where the data are missing, have classes that the network does not know or
   *     another shape, or lie where the training's were and are no longer the same
   */
  public Scored toScore(DataSpec given, WorkListener listener) {
    return toScore(given, given.place(), given.heldOut().isPresent(), false, listener);
  }

  private Scored toScore(
      DataSpec given, Path at, boolean divided, boolean own, WorkListener listener) {
    DataSpec wanted = given.orSize(shape.height());
    Scored scored =
        wanted.kind().pictures()
            ? pictures(wanted, at, divided, own, listener)
            : stored(wanted, at, DataSpec.known(name), listener);
    if (!scored.images().shape().equals(shape)) {
      throw new UserError(
          Kind.DATA,
          "the model takes images of %s, those of '%s' are %s"
              .formatted(shape, wanted, scored.images().shape()));
    }
    if (!scored.images().classes().equals(classes)) {
      throw new UserError(
          Kind.DATA,
          "the model tells %s apart, but the images of '%s' show %s"
              .formatted(Known.words(classes), wanted, Known.words(scored.images().classes())));
    }
    return scored;
  }

  private static Scored stored(
      DataSpec given, Path at, Optional<DataSpec> trained, WorkListener listener) {
    DataSpec wanted = trained.map(given::orDivided).orElse(given);
    String name = wanted.toString();
    Dataset images =
        switch (wanted.kind()) {
          case SHAPES -> Shapes.test(wanted.seed());
          case CIFAR10 -> Cifar.TEN.test(at, listener);
          case CIFAR100 -> Cifar.HUNDRED.test(at, listener);
          case CIFAR100_COARSE -> Cifar.HUNDRED_COARSE.test(at, listener);
          case SVHN -> Svhn.test(at, listener);
          case SVHN_VALIDATION -> Svhn.open(wanted, at, listener).validated().test();
          case IMAGENET, FOLDER, SHARDS -> throw new IllegalArgumentException(name);
        };
    boolean heldOut = wanted.kind() == DataSpec.Kind.SVHN_VALIDATION;
    boolean own =
        trained
            .filter(spec -> spec.kind().isSvhn() && spec.heldOut().equals(wanted.heldOut()))
            .isPresent();
    return new Scored(name, images, heldOut ? Part.HELD_OUT : Part.APART, own, List.of());
  }

  private Scored pictures(
      DataSpec wanted, Path at, boolean divided, boolean own, WorkListener listener) {
    DataSpec asTrained = DataSpec.known(name).map(wanted::orDivided).orElse(wanted);
    Looked looked = looked(asTrained, at, listener);
    PictureSource.Parts parts = looked.parts;
    if (divided) {
      return divided(wanted, looked);
    }
    if (parts.test().isPresent()) {
      return whole(wanted, parts.test().get(), looked.own ? parts.apart() : Part.APART, looked);
    }
    if (looked.own) {
      return divided(asTrained, looked);
    }
    if (own || (listing.isPresent() && isPlace(at))) {
      throw new UserError(
          Kind.DATA,
          "'%s' no longer holds just the pictures that the model was trained on, so it is not known which of them it learned from; with a held-out share of 0 all of them are scored"
              .formatted(at));
    }
    return whole(wanted, parts.train().orElseThrow(), Part.ALL, looked);
  }

  private static Scored divided(DataSpec wanted, Looked looked) {
    Splits splits = PictureSet.splits(wanted, looked.parts, looked.listener);
    return new Scored(
        splits.spec(), splits.test(), splits.tested(), looked.own, splits.leftAlone());
  }

  private static Scored whole(DataSpec wanted, PictureSource source, Part part, Looked looked) {
    PictureSet.requireAll(wanted, looked.parts);
    return new Scored(
        wanted.toString(),
        PictureSet.all(source, wanted, looked.listener),
        part,
        looked.own,
        looked.parts.leftAlone());
  }

  /**
   * Pictures that were looked through.
   *
   * @param own whether they are those of the training
   * @param listener hears how far it is where they are gone through
   */
  private record Looked(PictureSource.Parts parts, boolean own, WorkListener listener) {}

  private Looked looked(DataSpec divided, Path at, WorkListener listener) {
    PictureSource.Parts found = Splits.parts(divided, at, Known.classes(classes), listener);
    if (listing.isEmpty()) {
      return new Looked(found, isPlace(at) || normalisedAlike(divided, found, listener), listener);
    }
    if (listing.get().equals(ListedFile.sha256(found.files()))) {
      return new Looked(found, true, listener);
    }
    Known known = known(divided);
    if (known.listing().isPresent()) {
      PictureSource.Parts again = Splits.parts(divided, at, known, listener);
      if (mostlyThere(again)) {
        return new Looked(again, true, listener);
      }
    }
    return new Looked(found, false, listener);
  }

  private boolean isPlace(Path at) {
    Optional<Path> place = folder.or(() -> DataSpec.known(name).map(DataSpec::place));
    try {
      return place.isPresent() && at.toRealPath().equals(place.get().toRealPath());
    } catch (IOException gone) {
      return false;
    }
  }

  /** Mean and deviation of a folder's training pictures tell it from others. */
  private boolean normalisedAlike(
      DataSpec divided, PictureSource.Parts found, WorkListener listener) {
    return divided.kind() == DataSpec.Kind.FOLDER
        && PictureSet.learned(divided, found, listener)
            .filter(learned -> learned.normalization().equals(normalization))
            .isPresent();
  }
}
