package org.igcnet.spark;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.data.Picture;
import org.jspecify.annotations.Nullable;

/**
 * Takes the pictures out of a column's values: the bytes of picture files, the names of such files,
 * and the pixels that Spark's image source has.
 *
 * @param configuration says which file systems there are
 */
record PictureReader(Broadcast<SerializableConfiguration> configuration) implements Serializable {
  /** Of a file, as the library has it. */
  private static final int MOST_BYTES = 1 << 30;

  /** Red, green and blue take so many bytes of a pixel, with what is before them in OpenCV. */
  private static final int COLOURS = 3;

  private static final int COLOURS_AND_ALPHA = 4;

  /** OpenCV's numbers for bytes, by channels; Spark says -1 where it could not decode. */
  private static final int CV_8UC1 = 0;

  private static final int CV_8UC3 = 16;
  private static final int CV_8UC4 = 24;
  private static final int UNDEFINED = -1;

  /** What a column of Spark's image source has, and is read here. */
  private static final List<StructField> IMAGE =
      List.of(
          DataTypes.createStructField("origin", DataTypes.StringType, true),
          DataTypes.createStructField("height", DataTypes.IntegerType, true),
          DataTypes.createStructField("width", DataTypes.IntegerType, true),
          DataTypes.createStructField("nChannels", DataTypes.IntegerType, true),
          DataTypes.createStructField("mode", DataTypes.IntegerType, true),
          DataTypes.createStructField("data", DataTypes.BinaryType, true));

  static PictureReader on(JavaSparkContext spark) {
    return new PictureReader(
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  /**
   * Looks whether a column can hold pictures.
   *
   * @return where it stands
   * @throws UserError where it is not there, or is of another type
   */
  static int place(StructType table, String column) {
    List<String> names = List.of(table.fieldNames());
    int place = names.indexOf(column);
    if (place < 0) {
      throw new UserError(
          "there is no column \"%s\"; there are %s".formatted(column, String.join(", ", names)));
    }
    DataType type = table.apply(place).dataType();
    if (!type.equals(DataTypes.BinaryType) && !(type instanceof StringType) && !isImage(type)) {
      throw new UserError(
          "the column \"%s\" is of type %s, and %s"
              .formatted(column, type.simpleString(), whatPicturesAre()));
    }
    return place;
  }

  private static String whatPicturesAre() {
    return "pictures are a binary column of files' bytes, a string column of files' names, or a column of Spark's image source";
  }

  private static boolean isImage(DataType type) {
    return type instanceof StructType image
        && types(List.of(image.fields())).containsAll(types(IMAGE));
  }

  private static Set<List<Object>> types(List<StructField> fields) {
    return fields.stream()
        .map(field -> List.<Object>of(field.name(), field.dataType()))
        .collect(Collectors.toSet());
  }

  /**
   * The picture of a value.
   *
   * @throws UserError where it is none
   * @throws UncheckedIOException where a file system fails: it may do better when it is asked again
   */
  Picture picture(@Nullable Object value) {
    return switch (value) {
      case null -> throw new UserError(Kind.PICTURE, "there is no picture, but a null");
      case byte[] file -> Picture.of(file);
      case String name -> file(name);
      case Row image when isImage(image.schema()) -> pixels(image);
      default ->
          throw new IllegalArgumentException(
              "a value of %s is no picture; %s"
                  .formatted(value.getClass().getName(), whatPicturesAre()));
    };
  }

  private Picture file(String name) {
    try {
      Path path = new Path(name);
      try (InputStream in = path.getFileSystem(configuration.value().value()).open(path)) {
        return Picture.of(bytes(name, in));
      }
    } catch (IllegalArgumentException e) {
      throw new UserError(
          Kind.MISSING, "\"%s\" names no file: %s".formatted(name, Reason.of(e)), e);
    } catch (FileNotFoundException | PathIsDirectoryException e) {
      throw new UserError(Kind.MISSING, "%s is no file that exists".formatted(name), e);
    } catch (AccessControlException | UnsupportedFileSystemException | ChecksumException e) {
      throw new UserError(Kind.ACCESS, "%s cannot be read: %s".formatted(name, Reason.of(e)), e);
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read: %s".formatted(name, Reason.of(e)), e);
    }
  }

  /** Read here, as what fails on the way is the file system's affair and not the picture's. */
  private static byte[] bytes(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new UserError(
          Kind.TOO_LARGE,
          "%s has more than the %,d bytes that pictures may have".formatted(name, MOST_BYTES));
    }
    return bytes;
  }

  private static Picture pixels(Row image) {
    int mode = number(image, "mode");
    if (mode == UNDEFINED) {
      throw new UserError(
          Kind.PICTURE, "Spark could not decode %s".formatted(image.<String>getAs("origin")));
    }
    return Picture.of(
        switch (mode) {
          case CV_8UC1 -> copied(image, 1, BufferedImage.TYPE_BYTE_GRAY);
          case CV_8UC3 -> copied(image, COLOURS, BufferedImage.TYPE_3BYTE_BGR);
          case CV_8UC4 ->
              alphaFirst(copied(image, COLOURS_AND_ALPHA, BufferedImage.TYPE_4BYTE_ABGR));
          default ->
              throw new UserError(
                  Kind.PICTURE,
                  "the image's mode is %d; those of bytes are %d, %d and %d"
                      .formatted(mode, CV_8UC1, CV_8UC3, CV_8UC4));
        });
  }

  /** The image's bytes in a picture of as many. */
  private static BufferedImage copied(Row image, int channels, int type) {
    int width = number(image, "width");
    int height = number(image, "height");
    byte @Nullable [] data = image.getAs("data");
    if (data == null
        || width < 1
        || height < 1
        || (long) width * height * channels != data.length) {
      throw new UserError(
          Kind.PICTURE,
          "the image says that it is %d×%d pixels of %d bytes, but it has %d bytes"
              .formatted(width, height, channels, data == null ? 0 : data.length));
    }
    BufferedImage copy = new BufferedImage(width, height, type);
    System.arraycopy(data, 0, bytes(copy), 0, data.length);
    return copy;
  }

  private static int number(Row image, String field) {
    @Nullable Integer number = image.getAs(field);
    return number == null ? UNDEFINED : number;
  }

  private static byte[] bytes(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  /** OpenCV has alpha behind blue, green and red, and Java before them. */
  private static BufferedImage alphaFirst(BufferedImage image) {
    byte[] bytes = bytes(image);
    for (int pixel = 0; pixel < bytes.length; pixel += COLOURS_AND_ALPHA) {
      byte alpha = bytes[pixel + COLOURS];
      System.arraycopy(bytes, pixel, bytes, pixel + 1, COLOURS);
      bytes[pixel] = alpha;
    }
    return image;
  }
}
