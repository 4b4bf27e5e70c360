package org.igcnet.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.igcnet.UserError;

/**
 * Data as a user names them: {@code KIND:WHERE}, for some kinds followed by {@code ,size=N}, {@code
 * ,held-out=SHARE[:SEED]} and {@code ,strict}. All that decides which images these are is in it, so
 * that a run can open its data again.
 *
 * @param kind what the data are
 * @param where a folder or a seed; empty where none was given
 * @param size rows and columns that pictures are brought to, where it was given
 * @param heldOut what to keep from training, where it was given
 * @param strict whether a damaged picture is an error, instead of left out
 */
public record DataSpec(
    Kind kind, String where, OptionalInt size, Optional<HeldOut> heldOut, boolean strict) {
  /** What ImageNet is trained and tested at. */
  static final int USUAL_SIZE = 224;

  private static final HeldOut TENTH = new HeldOut(0.1, 0);
  private static final HeldOut NOTHING = new HeldOut(0, 0);

  /** Rows and columns that pictures may be brought to: far above any that a network is for. */
  public static final int LARGEST_SIZE = 4_096;

  /** What may stand behind each comma at the end of a name. */
  private static final Pattern OPTION = Pattern.compile("size=[^,]*|held-out=[^,]*|strict");

  /** The kinds of data that there are. */
  public enum Kind {
    /** Pictures that the program draws itself. */
    SHAPES("shapes", "SEED", Augmentation.CROP_AND_MIRROR),
    /** CIFAR-10 in its binary layout. */
    CIFAR10("cifar10", "DIR", Augmentation.CROP_AND_MIRROR),
    /** CIFAR-100 in its binary layout, by its 100 fine labels. */
    CIFAR100("cifar100", "DIR", Augmentation.CROP_AND_MIRROR),
    /** CIFAR-100 by its 20 coarse labels. */
    CIFAR100_COARSE("cifar100-coarse", "DIR", Augmentation.CROP_AND_MIRROR),
    /** SVHN, tested on its test set. */
    SVHN("svhn", "DIR", Augmentation.NONE),
    /** SVHN, tested on the 6,000 images that are held out. */
    SVHN_VALIDATION("svhn-validation", "DIR", Augmentation.NONE),
    /** A folder of pictures for each class, as ImageNet's. */
    IMAGENET("imagenet", "DIR", Augmentation.SCALE_AND_MIRROR),
    /** Pictures in tar files. */
    SHARDS("shards", "DIR", Augmentation.SCALE_AND_MIRROR),
    /** A folder of pictures for each class, of any kind. */
    FOLDER("folder", "DIR", Augmentation.SCALE_AND_MIRROR);

    private final String id;
    private final String argument;
    private final Augmentation augmentation;

    Kind(String id, String argument, Augmentation augmentation) {
      this.id = id;
      this.argument = argument;
      this.augmentation = augmentation;
    }

    private static Optional<Kind> of(String id) {
      return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findFirst();
    }

    /** Whether these are pictures of any size. */
    boolean pictures() {
      return augmentation == Augmentation.SCALE_AND_MIRROR;
    }

    private Framing framing() {
      return pictures() ? Framing.PHOTOGRAPH : Framing.WHOLE;
    }

    boolean isSvhn() {
      return this == SVHN || this == SVHN_VALIDATION;
    }

    private boolean canHoldOut() {
      return pictures() || isSvhn();
    }
  }

  /**
   * Looks whether the kind takes what is said beside it.
   *
   * @throws UserError where it does not, or the size is out of its range
   */
  public DataSpec {
    require(size.isEmpty() || kind.pictures(), kind, "size", Kind::pictures);
    require(heldOut.isEmpty() || kind.canHoldOut(), kind, "held-out share", Kind::canHoldOut);
    require(!strict || kind.pictures(), kind, "'strict'", Kind::pictures);
    if (size.isPresent() && (size.getAsInt() < 1 || size.getAsInt() > LARGEST_SIZE)) {
      throw new UserError(
          "images of %d rows and columns cannot be; the size is from 1 to %,d, usually %d"
              .formatted(size.getAsInt(), LARGEST_SIZE, USUAL_SIZE));
    }
  }

  private static void require(boolean possible, Kind kind, String what, Predicate<Kind> can) {
    if (!possible) {
      String those =
          Arrays.stream(Kind.values())
              .filter(can)
              .map(other -> other.id)
              .collect(Collectors.joining(", "));
      throw new UserError("'%s' takes no %s; %s do".formatted(kind.id, what, those));
    }
  }

  /**
   * Reads a name; whether there are such data is not looked at.
   *
   * @param text for example {@code folder:photos,size=64}
   * @return the name in its parts
   * @throws UserError where there is no such kind, or what follows makes no sense
   */
  public static DataSpec parse(String text) {
    int end = text.length();
    Deque<String> options = new ArrayDeque<>();
    for (int comma = text.lastIndexOf(','); comma >= 0; comma = text.lastIndexOf(',', end - 1)) {
      String last = text.substring(comma + 1, end);
      if (!OPTION.matcher(last).matches()) {
        break;
      }
      options.addFirst(last);
      end = comma;
    }
    DataSpec spec = plain(text.substring(0, end)).orElseThrow(() -> unknown(text));
    for (String option : options) {
      spec = spec.with(option);
    }
    return spec;
  }

  /** Reads a name, if it is one of such data; a program may call its own as it likes. */
  static Optional<DataSpec> known(String text) {
    return Kind.of(Splits.kind(text)).map(_ -> parse(text));
  }

  /** {@code KIND} or {@code KIND:WHERE}. */
  private static Optional<DataSpec> plain(String name) {
    int colon = name.indexOf(':');
    String where = colon < 0 ? "" : name.substring(colon + 1);
    return Kind.of(colon < 0 ? name : name.substring(0, colon))
        .map(kind -> new DataSpec(kind, where, OptionalInt.empty(), Optional.empty(), false));
  }

  private static UserError unknown(String text) {
    String known =
        Arrays.stream(Kind.values())
            .map(
                kind -> kind == Kind.SHAPES ? "shapes, shapes:SEED" : kind.id + ":" + kind.argument)
            .collect(Collectors.joining(", "));
    return new UserError(
        "unknown data '%s'; there are %s%s"
            .formatted(text, known, isFolder(text) ? hint(text) : ""));
  }

  private static String hint(String folder) {
    return "; '%s' is a folder: as pictures in class folders it would be %s:%1$s"
        .formatted(folder, Kind.FOLDER.id);
  }

  private static boolean isFolder(String text) {
    try {
      return Files.isDirectory(folder(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private DataSpec with(String option) {
    String value = option.substring(option.indexOf('=') + 1);
    return switch (option.substring(0, option.length() - value.length())) {
      case "size=" -> withSize(size(value));
      case "held-out=" -> withHeldOut(value);
      default -> option.equals("strict") ? strictly() : this;
    };
  }

  private static int size(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UserError("'%s' is no size; 64 would be right".formatted(text), e);
    }
  }

  /**
   * {@return the same with another size of images}
   *
   * @param size rows and columns, from 1
   */
  public DataSpec withSize(int size) {
    return new DataSpec(kind, where, OptionalInt.of(size), heldOut, strict);
  }

  /**
   * {@return the same data in a size that is wanted, where they have none of their own}
   *
   * @param wanted rows and columns, if any are wanted
   */
  public DataSpec orSize(OptionalInt wanted) {
    return wanted.isPresent() && ofAnySize() ? withSize(wanted.getAsInt()) : this;
  }

  /**
   * {@return the same with images held out: {@code SHARE} or {@code SHARE:SEED}}
   *
   * @param share from 0 to below 1, and perhaps a seed
   */
  public DataSpec withHeldOut(String share) {
    return new DataSpec(kind, where, size, Optional.of(HeldOut.parse(share)), strict);
  }

  /** {@return the same where a damaged picture is an error} */
  public DataSpec strictly() {
    return new DataSpec(kind, where, size, heldOut, true);
  }

  /** As {@code size}, where pictures are of no size yet. */
  DataSpec orSize(int usual) {
    return kind.pictures() && size.isEmpty() ? withSize(usual) : this;
  }

  /** With what is held out where nothing is said, and a size, so that no default is left. */
  DataSpec explicit() {
    DataSpec sized = orSize(USUAL_SIZE);
    return heldOut.isEmpty() && heldOutOrUsual().share() > 0
        ? new DataSpec(kind, where, sized.size, Optional.of(heldOutOrUsual()), strict)
        : sized;
  }

  /** What is held out of pictures that have no test set apart. */
  HeldOut heldOutOrUsual() {
    return heldOut.orElse(kind == Kind.IMAGENET ? NOTHING : TENTH);
  }

  /** As a training divided its data, where nothing else is said and they can be divided so. */
  DataSpec orDivided(DataSpec trained) {
    if (heldOut.isPresent() || !kind.canHoldOut() || kind.pictures() != trained.kind.pictures()) {
      return this;
    }
    Optional<HeldOut> share =
        kind.pictures() ? Optional.of(trained.heldOutOrUsual()) : trained.heldOut;
    return new DataSpec(kind, where, size, share, strict);
  }

  /** Whether both are of one kind and say the same of size and held-out share. */
  boolean dividedAs(DataSpec other) {
    return kind == other.kind && size.equals(other.size) && heldOut.equals(other.heldOut);
  }

  /**
   * {@return whether what is measured is held out of the training images, as far as the name says
   * it}
   *
   * @param text a name, which may be of no kind that there is
   */
  public static boolean validates(String text) {
    return known(text).filter(DataSpec::validates).isPresent();
  }

  private boolean validates() {
    return kind == Kind.SVHN_VALIDATION
        || (kind.pictures() && heldOut.filter(held -> held.share() > 0).isPresent());
  }

  /**
   * {@return whether these are pictures whose size is to be chosen by them} ImageNet has its own.
   */
  public boolean ofAnySize() {
    return kind.pictures() && kind != Kind.IMAGENET && size.isEmpty();
  }

  /** {@return how the paper and the field vary such images in training} */
  public Augmentation augmentation() {
    return kind.augmentation;
  }

  /**
   * How much of a picture is tested. Photographs are resized to a short side of 256 and the middle
   * 224 are cut out; images that fit as they are lose nothing.
   */
  Framing framing() {
    return kind.framing();
  }

  /**
   * {@return how a picture is framed for a network that was trained on such data, as it was tested}
   *
   * @param trainedOn the data as a run names them; of what is unknown nothing is cut off
   */
  public static Framing framing(String trainedOn) {
    return Kind.of(Splits.kind(trainedOn)).map(Kind::framing).orElse(Framing.WHOLE);
  }

  /**
   * {@return whether data of one kind can stand for another's: tar files can hold ImageNet, and are
   * decoded, varied and normalised as its folders are}
   *
   * @param kind the kind's word
   * @param other the other's word
   */
  public static boolean standsFor(String kind, String other) {
    return kind.equals(Kind.SHARDS.id) && other.equals(Kind.IMAGENET.id);
  }

  /** The seed of {@code shapes}, 0 where none is given. */
  long seed() {
    try {
      return where.isEmpty() ? 0 : Long.parseLong(where);
    } catch (NumberFormatException e) {
      throw new UserError(
          "the seed in '%s' is not a whole number; shapes:1 would be right".formatted(this), e);
    }
  }

  /** Where the data lie: {@link #folder}, and for what needs none the current folder. */
  Path place() {
    return kind == Kind.SHAPES ? Path.of("") : folder();
  }

  /** A shell leaves the ~ of {@code cifar10:~/data} alone, so it means the home folder here too. */
  Path folder() {
    if (where.isEmpty()) {
      throw new UserError(
          "'%s' names no folder; %1$s:%s would be right".formatted(kind.id, kind.argument));
    }
    try {
      return folder(where);
    } catch (InvalidPathException e) {
      throw new UserError("'%s' in '%s' is no path".formatted(where, this), e);
    }
  }

  private static Path folder(String where) {
    return where.equals("~") || where.startsWith("~/")
        ? Path.of(System.getProperty("user.home"), where.substring(1))
        : Path.of(where);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.id);
    if (!where.isEmpty()) {
      text.append(':').append(where);
    }
    size.ifPresent(n -> text.append(",size=").append(n));
    heldOut.ifPresent(share -> text.append(",held-out=").append(share));
    return text.append(strict ? ",strict" : "").toString();
  }
}
