package org.igcnet.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;
import org.igcnet.files.WholeFile;

/**
 * A picture of any size, wherever it is: a PNG, JPEG, BMP, GIF or lossless WebP file (its first
 * picture), the bytes of such a file, or pixels in memory.
 *
 * <p>What is wrong with a file is found when it is {@linkplain #fitted fitted} to a network. Many
 * threads may use one picture at the same time.
 */
public final class Picture {
  /** What messages call bytes that have no name. */
  private static final String NAMELESS = "the given file";

  private final Fitting fitting;

  private Picture(Fitting fitting) {
    this.fitting = fitting;
  }

  /** Brings a picture to the shape of a network's images. */
  @FunctionalInterface
  private interface Fitting {
    FittedPicture fit(ImageShape shape, Framing framing);
  }

  /**
   * {@return the picture in a file}
   *
   * @param file is read whenever the picture is fitted
   */
  public static Picture of(Path file) {
    return new Picture(
        (shape, framing) -> {
          try {
            return fitted(file.toString(), PictureFile.bytes(file), shape, framing);
          } catch (IOException e) {
            throw WholeFile.unreadable(file, e);
          }
        });
  }

  /**
   * {@return the picture in the bytes of a file}
   *
   * @param file PNG, JPEG, BMP, GIF or lossless WebP; not copied
   */
  public static Picture of(byte[] file) {
    return new Picture((shape, framing) -> fitted(NAMELESS, file, shape, framing));
  }

  /**
   * Takes the bytes of a picture's file from a stream, all that are left in it, at once.
   *
   * @param file is read to its end, and left open
   * @return the picture
   * @throws UserError where it cannot be read, or has more bytes than a picture can have
   */
  public static Picture of(InputStream file) {
    try {
      return of(PictureFile.bytes(NAMELESS, file));
    } catch (SkippedPicture refused) {
      throw refused.refusal();
    } catch (IOException e) {
      throw WholeFile.unreadable(NAMELESS, e);
    }
  }

  /**
   * {@return a picture of pixels in memory} Other colours than sRGB are brought to it as Java does;
   * grey values are taken as they are.
   *
   * @param pixels is not copied
   */
  public static Picture of(BufferedImage pixels) {
    return new Picture((shape, framing) -> FittedPicture.of(pixels, shape, framing));
  }

  /**
   * {@return whether a file is taken for a picture by its name}
   *
   * @param file the file, which need not be there
   */
  public static boolean isNamed(Path file) {
    return PictureNames.isPicture(String.valueOf(file.getFileName()));
  }

  /**
   * The picture files below a folder, in the order of their names: those whose names end as a
   * picture's does. What begins with a dot is left alone. A folder that cannot be read stands for
   * itself, so that reading it says why.
   *
   * @param folder where to look, at any depth
   * @param listener hears how many it has found
   * @return the files, at least one
   * @throws UserError where there is none
   */
  public static List<Path> below(Path folder, WorkListener listener) {
    Work work = Work.on("finding pictures", 0, "pictures", listener);
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              return at.equals(folder) || !hidden(at)
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              boolean leadsNowhere = attributes.isSymbolicLink();
              if ((attributes.isRegularFile() || leadsNowhere) && !hidden(file) && isNamed(file)) {
                files.add(file);
                work.add(1);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              if (!(e instanceof FileSystemLoopException)) {
                files.add(file);
                work.add(1);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UserError(Kind.ACCESS, "%s cannot be read: %s".formatted(folder, Reason.of(e)), e);
    }
    if (files.isEmpty()) {
      throw new UserError(Kind.MISSING, "there is no picture in %s".formatted(folder));
    }
    return files.stream().sorted().toList();
  }

  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /**
   * Brings it to the shape of a network's images. Colours become grey, where that is wanted, as
   * 0.299 of red, 0.587 of green and 0.114 of blue.
   *
   * @param shape what the network takes: three channels, or one for grey
   * @param framing what is kept of it, and how that is resized
   * @return the picture in the network's shape
   * @throws UserError where its file is missing, is no such picture, is damaged, or has more than
   *     100 million pixels, or the network takes other channels
   */
  public FittedPicture fitted(ImageShape shape, Framing framing) {
    if (shape.channels() != 3 && shape.channels() != 1) {
      throw new UserError(
          Kind.DATA,
          "pictures have 3 channels, or 1 where they are grey, but the network takes images of %s"
              .formatted(shape));
    }
    try {
      return fitting.fit(shape, framing);
    } catch (SkippedPicture refused) {
      throw refused.refusal();
    }
  }

  private static FittedPicture fitted(String name, byte[] file, ImageShape shape, Framing framing) {
    try (EncodedPicture picture = EncodedPicture.of(() -> name, file)) {
      return FittedPicture.of(picture, shape, framing);
    }
  }
}
