package org.igcnet.data;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;

/**
 * A picture file as the small image that a network takes: upright, red, green and blue, transparent
 * parts over white, the middle cut out to the network's proportions and resized.
 */
public final class Picture {
  private final Resizing resizing;
  private final byte[] values;

  private Picture(Resizing resizing, byte[] values) {
    this.resizing = resizing;
    this.values = values;
  }

  /**
   * How a picture was made to fit.
   *
   * @param width columns of the file's picture
   * @param height rows of the file's picture
   * @param cropWidth columns of the middle part that was kept
   * @param cropHeight rows of the middle part that was kept
   * @param toWidth columns that it was resized to
   * @param toHeight rows that it was resized to
   */
  public record Resizing(
      int width, int height, int cropWidth, int cropHeight, int toWidth, int toHeight) {

    /** For people, in columns × rows: {@code 640×480, its middle 480×480 resized to 32×32}. */
    @Override
    public String toString() {
      if (width == toWidth && height == toHeight && cropWidth == width && cropHeight == height) {
        return "%d×%d, taken as it is".formatted(width, height);
      }
      String part =
          cropWidth == width && cropHeight == height
              ? ""
              : " its middle %d×%d".formatted(cropWidth, cropHeight);
      return "%d×%d,%s resized to %d×%d".formatted(width, height, part, toWidth, toHeight);
    }
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
              if (attributes.isRegularFile()
                  && !hidden(file)
                  && PictureNames.isPicture(file.getFileName().toString())) {
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
      throw new UserError("%s cannot be read: %s".formatted(folder, Reason.of(e)), e);
    }
    if (files.isEmpty()) {
      throw new UserError("there is no picture in %s".formatted(folder));
    }
    return files.stream().sorted().toList();
  }

  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /**
   * Reads a PNG, JPEG, BMP, GIF or lossless WebP file (its first picture).
   *
   * @param file the picture's file
   * @param shape what the network takes: three channels
   * @param framing what is kept of it, and how that is resized
   * @return the picture in the network's shape
   * @throws UserError where the file is missing, is no such picture, is damaged, or has more than
   *     100 million pixels
   */
  public static Picture read(Path file, ImageShape shape, Framing framing) {
    if (shape.channels() != 3) {
      throw new UserError(
          "pictures have 3 channels, but the network takes images of %s".formatted(shape));
    }
    try (EncodedPicture picture = EncodedPicture.of(file::toString, PictureFile.bytes(file))) {
      return of(picture, shape, framing);
    } catch (SkippedPicture refused) {
      throw refused.refusal();
    } catch (NoSuchFileException e) {
      throw new UserError("%s does not exist".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s cannot be read: %s".formatted(file, Reason.of(e)), e);
    }
  }

  static Picture of(EncodedPicture picture, ImageShape shape, Framing framing) {
    int width = picture.width();
    int height = picture.height();
    Window middle = Window.middle(width, height, shape, framing.middle());
    byte[] values = new byte[shape.size()];
    picture.cut(middle, false, shape, values);
    return new Picture(
        new Resizing(width, height, middle.width(), middle.height(), shape.width(), shape.height()),
        values);
  }

  /** {@return how it was resized} */
  public Resizing resizing() {
    return resizing;
  }

  /** {@return the values, channels × rows × columns, unsigned bytes; not a copy} */
  public byte[] values() {
    return values;
  }
}
