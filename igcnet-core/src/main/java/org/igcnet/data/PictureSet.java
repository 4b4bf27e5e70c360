package org.igcnet.data;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;

/**
 * Pictures of any size, each decoded whenever it is wanted. What stays in memory is where they are.
 *
 * <p>A picture that cannot be decoded is left out wherever it would stand, and all else stays in
 * its place; or, in a strict set, it is an error.
 */
public final class PictureSet implements Dataset {
  private static final int CHANNELS = 3;

  /** Pictures that are looked at for mean and deviation. */
  private static final int SAMPLE = 1_000;

  private final PictureSource source;
  private final int[] members;
  private final DataSpec spec;
  private final Framing framing;
  private final ImageShape shape;
  private final WorkListener listener;

  private PictureSet(PictureSource source, int[] members, DataSpec spec, WorkListener listener) {
    this(source, members, spec, spec.framing(), listener);
  }

  private PictureSet(
      PictureSource source, int[] members, DataSpec spec, Framing framing, WorkListener listener) {
    int size = spec.size().orElse(DataSpec.USUAL_SIZE);
    this.source = source;
    this.members = members;
    this.spec = spec;
    this.framing = framing;
    this.shape = new ImageShape(CHANNELS, size, size);
    this.listener = listener;
  }

  /**
   * Divides pictures into training and test set.
   *
   * @param listener hears how far it is where many of them are looked at
   * @throws UserError where nothing would be left to train or to test with
   */
  static Splits splits(DataSpec spec, PictureSource.Parts parts, WorkListener listener) {
    requireAll(spec, parts);
    PictureSource source =
        parts
            .train()
            .orElseThrow(
                () ->
                    new UserError(
                        Kind.DATA,
                        "'%s' holds pictures to test with, but none to learn from"
                            .formatted(spec.where())));
    if (parts.test().isPresent()) {
      if (spec.heldOut().isPresent()) {
        throw new UserError(
            Kind.DATA,
            "'%s' has test pictures of its own, so none can be held out of the training pictures"
                .formatted(spec.where()));
      }
      DataSpec name = spec.orSize(DataSpec.USUAL_SIZE);
      return new Splits(
          name.toString(),
          all(source, name, listener),
          all(parts.test().get(), name, listener),
          parts.apart(),
          parts.leftAlone());
    }
    return divided(spec.explicit(), source, parts.leftAlone(), listener);
  }

  private static Splits divided(
      DataSpec spec, PictureSource source, List<LeftAlone> leftAlone, WorkListener listener) {
    HeldOut heldOut = spec.heldOutOrUsual();
    if (heldOut.share() == 0) {
      PictureSet all = all(source, spec, listener);
      return new Splits(spec.toString(), all, all, Part.TRAINING, leftAlone);
    }
    BitSet held = heldOut(spec, source);
    if (held.isEmpty() || held.cardinality() == source.size()) {
      throw new UserError(
          Kind.DATA,
          "a share of %s of the %,d pictures in %,d classes of '%s' leaves %s; a held-out share of 0 tests on the training pictures"
              .formatted(
                  heldOut.share(),
                  source.size(),
                  source.classes().size(),
                  spec.where(),
                  held.isEmpty() ? "none to test with" : "none to train with"));
    }
    return new Splits(
        spec.toString(),
        rest(source, held, spec, listener),
        new PictureSet(source, held.stream().toArray(), spec, listener),
        Part.HELD_OUT,
        leftAlone);
  }

  private static BitSet heldOut(DataSpec spec, PictureSource source) {
    int[] labels = IntStream.range(0, source.size()).map(source::label).toArray();
    return spec.heldOutOrUsual().choose(labels, source.classes().size());
  }

  private static PictureSet rest(
      PictureSource source, BitSet held, DataSpec spec, WorkListener listener) {
    BitSet kept = new BitSet();
    kept.set(0, source.size());
    kept.andNot(held);
    return new PictureSet(source, kept.stream().toArray(), spec, listener);
  }

  /** What would be learned from, where there is anything. */
  static Optional<PictureSet> learned(
      DataSpec spec, PictureSource.Parts parts, WorkListener listener) {
    return parts
        .train()
        .map(
            source ->
                parts.test().isPresent()
                    ? all(source, spec, listener)
                    : rest(source, heldOut(spec, source), spec, listener))
        .filter(learned -> learned.size() > 0);
  }

  /** A strict set does without nothing. */
  static void requireAll(DataSpec spec, PictureSource.Parts parts) {
    List<String> missing = spec.strict() ? parts.missing() : List.of();
    if (!missing.isEmpty()) {
      throw new UserError(Kind.DATA, missing.getFirst());
    }
  }

  /** All pictures of a source. */
  static PictureSet all(PictureSource source, DataSpec spec, WorkListener listener) {
    return new PictureSet(source, IntStream.range(0, source.size()).toArray(), spec, listener);
  }

  @Override
  public int size() {
    return members.length;
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return source.classes();
  }

  @Override
  public int label(int index) {
    return source.label(members[index]);
  }

  @Override
  public String name(int index) {
    return source.listedName(members[index]);
  }

  @Override
  public PictureSet framed(Framing framing) {
    return new PictureSet(source, members, spec, framing, listener);
  }

  /**
   * {@inheritDoc} The middle of it; where no {@link #framed framing} is given, as if the short side
   * had been resized to 256 and the middle 224 cut out.
   *
   * @throws UserError where the set is strict and the picture cannot be decoded
   * @throws SkippedPicture where the set is not, and does without it
   */
  @Override
  public void read(int index, byte[] values) {
    decode(index, picture -> picture.cut(middle(picture), false, shape, values));
  }

  private Window middle(EncodedPicture picture) {
    return Window.middle(picture.width(), picture.height(), shape, framing.middle());
  }

  /**
   * As {@link #read}, but any part of it, and mirrored or not.
   *
   * @param mirror whether to mirror it, by the next of the random numbers
   */
  void readVaried(int index, SplitMix random, Predicate<SplitMix> mirror, byte[] values) {
    decode(
        index,
        picture -> {
          Window window = Window.anywhere(picture.width(), picture.height(), random);
          picture.cut(window, mirror.test(random), shape, values);
        });
  }

  private void decode(int index, Consumer<EncodedPicture> work) {
    int member = members[index];
    try {
      DecodingMemory.FILES.during(source.length(member), () -> decodeMember(member, work));
    } catch (SkippedPicture refused) {
      throw spec.strict() ? refused.refusal() : refused;
    }
  }

  private void decodeMember(int member, Consumer<EncodedPicture> work) {
    try (EncodedPicture picture =
        EncodedPicture.of(() -> source.name(member), source.bytes(member))) {
      work.accept(picture);
    }
  }

  /** How many bytes a picture's file has; nothing where it cannot be read, or has none. */
  OptionalLong length(int index) {
    long length = source.length(members[index]);
    return length > 0 ? OptionalLong.of(length) : OptionalLong.empty();
  }

  /**
   * A picture's file.
   *
   * @throws SkippedPicture where it is missing
   */
  byte[] encoded(int index) {
    return source.bytes(members[index]);
  }

  /** The shorter sides of so many pictures at most. */
  ShortSides shortSides(int most, WorkListener hears) {
    return ShortSides.of(source, members, most, hears);
  }

  @Override
  public long readingBytes() {
    return DecodingMemory.bytes(source.longest());
  }

  /** The files that the pictures are in, and others of the same source. */
  Stream<ListedFile> files(boolean test) {
    return source.files(test);
  }

  /** The order of an epoch: every image's index once. */
  int[] order(SplitMix random) {
    return source.order(members, random);
  }

  /**
   * {@inheritDoc} For {@code imagenet} and {@code shards} the numbers that all work on ImageNet
   * uses; for others those of a thousand pictures, evenly spread, as they are tested on.
   */
  @Override
  public Normalization normalization() {
    return switch (spec.kind()) {
      case IMAGENET, SHARDS -> Normalization.IMAGENET;
      default -> Normalization.of(sample(), listener);
    };
  }

  private PictureSet sample() {
    int images = Math.min(SAMPLE, members.length);
    int[] sample =
        IntStream.range(0, images)
            .map(i -> members[(int) ((long) i * members.length / images)])
            .toArray();
    return new PictureSet(source, sample, spec, framing, listener);
  }
}
