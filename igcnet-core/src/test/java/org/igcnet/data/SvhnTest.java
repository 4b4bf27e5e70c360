package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile.Entry;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sink;
import us.hebi.matlab.mat.types.Sinks;

class SvhnTest {
  @TempDir Path folder;

  /** Value of a place of an image, so that no two rows, columns or channels are alike. */
  private static int value(int image, int channel, int row, int column) {
    return (image * 31 + channel * 67 + row * 5 + column * 2) & 0xFF;
  }

  private static Matrix images(int images) {
    Matrix x = Mat5.newMatrix(new int[] {32, 32, 3, images}, MatlabType.UInt8);
    for (int image = 0; image < images; image++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int row = 0; row < 32; row++) {
          for (int column = 0; column < 32; column++) {
            int[] at = {row, column, channel, image};
            x.setByte(at, (byte) value(image, channel, row, column));
          }
        }
      }
    }
    return x;
  }

  private static Matrix labels(MatlabType type, int... labels) {
    Matrix y = Mat5.newMatrix(labels.length, 1, type);
    for (int i = 0; i < labels.length; i++) {
      y.setInt(i, labels[i]);
    }
    return y;
  }

  private Path write(String name, int level, Entry... entries) throws IOException {
    Path file = folder.resolve(name);
    us.hebi.matlab.mat.types.MatFile mat = Mat5.newMatFile();
    Stream.of(entries).forEach(mat::addEntry);
    try (Sink sink = Sinks.newStreamingFile(file.toFile())) {
      Mat5.newWriter(sink).setDeflateLevel(level).writeMat(mat);
    }
    return file;
  }

  private static Entry entry(String name, Matrix matrix) {
    return new Entry(name, false, matrix);
  }

  /** As many images of each label. */
  private Path writeEven(String name, int each) throws IOException {
    int[] labels = IntStream.range(0, 10 * each).map(i -> i % 10 + 1).toArray();
    return write(
        name,
        Deflater.BEST_SPEED,
        entry("X", Mat5.newMatrix(new int[] {32, 32, 3, 10 * each}, MatlabType.UInt8)),
        entry("y", labels(MatlabType.UInt8, labels)));
  }

  @ParameterizedTest
  @ValueSource(ints = {Deflater.NO_COMPRESSION, Deflater.BEST_COMPRESSION})
  void imagesAreTurnedFromColumnsToRows(int level) throws IOException {
    Path file =
        write(
            "test_32x32.mat",
            level,
            entry("other", Mat5.newMatrix(3, 3)),
            entry("X", images(3)),
            entry("y", labels(MatlabType.Double, 10, 1, 9)));
    MatFile read = MatFile.read(file, WorkListener.SILENT);
    assertThat(read.size()).isEqualTo(3);
    assertThat(IntStream.range(0, 3).map(read::label)).containsExactly(10, 1, 9);
    byte[] values = new byte[3072];
    for (int image = 0; image < 3; image++) {
      read.read(image, values);
      for (int i = 0; i < values.length; i++) {
        assertThat(Byte.toUnsignedInt(values[i]))
            .isEqualTo(value(image, i / 1024, i / 32 % 32, i % 32));
      }
    }
  }

  @Test
  void theSplitIsThePapers() throws IOException {
    writeEven("train_32x32.mat", 405);
    writeEven("extra_32x32.mat", 203);
    writeEven("test_32x32.mat", 2);
    Splits tested = Splits.open("svhn:" + folder);
    assertThat(tested.train().size()).isEqualTo(10 * (5 + 3));
    assertThat(counts(tested.train())).containsOnly(8);
    assertThat(tested.test().size()).isEqualTo(20);
    assertThat(tested.train().classes())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(tested.test().label(9)).as("label 10").isZero();
    assertThat(tested.test().label(0)).as("label 1").isEqualTo(1);
    Splits validated = Splits.open("svhn-validation:" + folder);
    assertThat(validated.test().size()).isEqualTo(6_000);
    assertThat(counts(validated.test())).containsOnly(600);
    assertThat(validated.train().size()).isEqualTo(80);
  }

  private static int[] counts(Dataset dataset) {
    int[] counts = new int[10];
    IntStream.range(0, dataset.size()).forEach(i -> counts[dataset.label(i)]++);
    return counts;
  }

  @Test
  void smallFilesAreDividedByShare() throws IOException {
    Random random = new Random(2);
    for (String name : new String[] {"train_32x32.mat", "extra_32x32.mat", "test_32x32.mat"}) {
      int[] labels = random.ints(60, 1, 11).toArray();
      write(name, 1, entry("X", images(60)), entry("y", labels(MatlabType.UInt8, labels)));
    }
    assertThatThrownBy(() -> Splits.open("svhn:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(
            "'.*train_32x32.mat' has only \\d+ images of a digit, of which the paper holds out 400;"
                + " a held-out share, such as 0.1, divides smaller files");
    Splits splits = Splits.open("svhn-validation:" + folder + ",held-out=0.2");
    assertThat(splits.train().size() + splits.test().size()).isEqualTo(120);
    Set<Integer> seen = new HashSet<>();
    byte[] values = new byte[3072];
    for (Dataset set : new Dataset[] {splits.train(), splits.test()}) {
      for (int i = 0; i < set.size(); i++) {
        set.read(i, values);
        seen.add(Arrays.hashCode(values));
      }
    }
    assertThat(seen).as("train and extra hold the same images").hasSizeBetween(50, 60);
    assertThat(Splits.open("svhn:" + folder + ",held-out=0").train().size()).isEqualTo(120);
    assertThatThrownBy(() -> Splits.open("svhn-validation:" + folder + ",held-out=0"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("there is nothing to validate with");
  }

  @Test
  void whatIsNotSvhnIsRefused() throws IOException {
    Matrix y = labels(MatlabType.UInt8, 1, 2);
    Matrix doubles = Mat5.newMatrix(new int[] {32, 32, 3, 2});
    Matrix narrow = Mat5.newMatrix(new int[] {32, 31, 3, 2}, MatlabType.UInt8);
    Matrix complex = Mat5.newComplex(new int[] {32, 32, 3, 2}, MatlabType.UInt8);
    assertRefused("X of '%s' is [32, 32, 3, 2] of double", entry("X", doubles), entry("y", y));
    assertRefused("X of '%s' is [32, 31, 3, 2] of uint8", entry("X", narrow), entry("y", y));
    assertRefused("X of '%s' is [32, 32, 3, 2] of uint8", entry("X", complex), entry("y", y));
    assertRefused("X of '%s' is [2, 1] of uint8", entry("X", y), entry("y", y));
    assertRefused("'%s' does not hold the images X", entry("y", y));
    assertRefused("'%s' does not hold the images X", entry("X", images(2)));
    assertRefused(
        "y of '%s' is of char; it would be N×1 numbers",
        entry("X", images(2)), new Entry("y", false, Mat5.newString("ab")));
    assertRefused("'%s' has 3 images but 2 labels", entry("X", images(3)), entry("y", y));
    assertRefused(
        "image 1 of '%s' has label 11.0, but labels go from 1 to 10",
        entry("X", images(2)), entry("y", labels(MatlabType.UInt8, 1, 11)));
    assertRefused(
        "image 0 of '%s' has label 0.0, but labels go from 1 to 10",
        entry("X", images(2)), entry("y", labels(MatlabType.UInt8, 0, 1)));
  }

  /** The reader would follow them until its stack is used up. */
  @ParameterizedTest
  @ValueSource(ints = {Deflater.NO_COMPRESSION, Deflater.BEST_SPEED})
  void cellsWithinCellsAreRefusedOrPassedOver(int level) throws IOException {
    Cell nested = Mat5.newCell(1, 1);
    for (int i = 0; i < 500; i++) {
      nested = Mat5.newCell(1, 1).set(0, nested);
    }
    Entry x = entry("X", images(1));
    Path cells = write("cells", level, x, new Entry("y", false, nested));
    assertThatThrownBy(() -> MatFile.read(cells, WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessage("y of '%s' is of cell; it would be N×1 numbers".formatted(cells));
    Entry y = entry("y", labels(MatlabType.UInt8, 3));
    Path beside = write("beside", level, new Entry("other", false, nested), x, y);
    assertThat(MatFile.read(beside, WorkListener.SILENT).label(0)).isEqualTo(3);
  }

  private void assertRefused(String begin, Entry... entries) throws IOException {
    Path file = write("train_32x32.mat", 1, entries);
    assertThatThrownBy(() -> MatFile.read(file, WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(begin.formatted(file));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Splits.open("svhn:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessage("'%s' is missing".formatted(folder.resolve("train_32x32.mat")));
  }

  @ParameterizedTest
  @ValueSource(ints = {Deflater.NO_COMPRESSION, Deflater.BEST_SPEED})
  void damageIsRefusedOrReadNeverACrash(int level) throws IOException {
    Path file =
        write(
            "extra_32x32.mat",
            level,
            entry("X", images(4)),
            entry("y", labels(MatlabType.UInt8, 1, 2, 3, 4)));
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(9);
    for (int i = 0; i < 150; i++) {
      byte[] damaged =
          i % 3 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
      for (int k = 0; k < 3 && damaged.length > 0; k++) {
        // most of the file is pixels: the headers are hit as often
        int within = random.nextBoolean() ? damaged.length : Math.min(250, damaged.length);
        damaged[random.nextInt(within)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try {
        assertThat(MatFile.read(file, WorkListener.SILENT).size()).isEqualTo(4);
      } catch (UserError refused) {
        assertThat(refused).hasMessageContaining(file.toString());
      }
    }
  }

  /** Every claim of a size is checked before memory is taken. */
  @Test
  void whatDoesNotFitIntoTheMemoryIsRefusedWithAFigure() throws IOException {
    Path file =
        write(
            "extra_32x32.mat",
            Deflater.NO_COMPRESSION,
            entry("X", images(1)),
            entry("y", labels(MatlabType.UInt8, 1)));
    byte[] bytes = Files.readAllBytes(file);
    // header 128, matrix tag 8, flags 16, then the dimensions' tag
    ByteBuffer claims = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int dimensions = 128 + 8 + 16 + 8;
    assertThat(claims.getInt(dimensions)).isEqualTo(32);
    assertThat(claims.getInt(dimensions - 4)).as("X is 32×32×3×1").isEqualTo(16);
    claims.putInt(dimensions + 12, 699_050);
    Files.write(file, bytes);
    long room = Runtime.getRuntime().maxMemory();
    assertThatThrownBy(() -> MatFile.read(file, WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(room < 2_147_000_000L ? "take 2,147 MB of memory" : "");
    claims.putInt(dimensions + 12, 699_051);
    Files.write(file, bytes);
    assertThatThrownBy(() -> MatFile.read(file, WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("N at most 699,050");
  }

  /** Files that another program wrote, where they lie beside the repository. */
  @Test
  void filesOfSciPyAreRead() {
    Path sample = RealData.sample("svhn-layout-sample");
    Splits splits = Splits.open("svhn:" + sample + ",held-out=0.1");
    assertThat(splits.train().size()).isEqualTo(448);
    assertThat(splits.test().size()).isEqualTo(100);
    assertThat(splits.test().shape()).isEqualTo(ImageShape.CIFAR);
    assertThat(counts(splits.test())).containsExactly(15, 8, 10, 14, 5, 9, 11, 8, 11, 9);
    // natural pictures change little from pixel to pixel, in both directions alike
    byte[] values = new byte[3072];
    long across = 0;
    long down = 0;
    for (int image = 0; image < 100; image++) {
      splits.test().read(image, values);
      for (int i = 0; i < 1024 - 33; i++) {
        across += Math.abs((values[i] & 0xFF) - (values[i + 1] & 0xFF));
        down += Math.abs((values[i] & 0xFF) - (values[i + 32] & 0xFF));
      }
    }
    assertThat(across / (100.0 * 991)).isLessThan(25);
    assertThat(down / (100.0 * 991)).isLessThan(25);
  }
}
