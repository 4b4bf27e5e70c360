package org.igcnet.spark;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.ImageShape;
import org.igcnet.files.Sha256;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.jspecify.annotations.Nullable;

/** A model as the bytes of its two files: so it is sent to executors, and saved with pipelines. */
final class ModelFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] description;
  private final byte[] weights;
  private final String sha256;
  private final List<String> classes;

  private transient @Nullable Sent sent;

  private ModelFiles(byte[] description, byte[] weights, List<String> classes) {
    Sha256 sum = new Sha256();
    sum.add(description);
    sum.add(weights);
    this.description = description;
    this.weights = weights;
    this.sha256 = sum.soFar();
    this.classes = classes;
  }

  /** What has been sent to the executors of a program of Spark's. */
  private record Sent(String application, Broadcast<byte[][]> files) {}

  /**
   * The files of a model as it is now.
   *
   * @throws UserError where it takes no pictures
   */
  static ModelFiles of(Model model) {
    ImageShape input = model.architecture().input();
    if (input.channels() != 3 && input.channels() != 1) {
      throw new UserError(
          Kind.DATA,
          "pictures have 3 channels, or 1 where they are grey, but the network takes images of %s"
              .formatted(input));
    }
    try (Scratch scratch = Scratch.create()) {
      ModelFolder.write(scratch.folder(), model);
      return new ModelFiles(
          Files.readAllBytes(scratch.folder().resolve(ModelFolder.DESCRIPTION)),
          Files.readAllBytes(scratch.folder().resolve(ModelFolder.WEIGHTS)),
          model.classes());
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS,
          "a model cannot be written to the folder for temporary files: %s".formatted(Reason.of(e)),
          e);
    }
  }

  /**
   * Reads a model from any file system that Hadoop knows.
   *
   * @throws UserError where it is missing or damaged
   */
  static ModelFiles read(Configuration configuration, Path folder) {
    try {
      FileSystem files = folder.getFileSystem(configuration);
      try (InputStream description = files.open(new Path(folder, ModelFolder.DESCRIPTION));
          InputStream weights = files.open(new Path(folder, ModelFolder.WEIGHTS))) {
        return of(ModelFolder.read(description, weights));
      }
    } catch (FileNotFoundException e) {
      throw new UserError(
          Kind.MISSING,
          "%s holds no trained model: %s or %s is missing"
              .formatted(folder, ModelFolder.DESCRIPTION, ModelFolder.WEIGHTS),
          e);
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS, "the model in %s cannot be read: %s".formatted(folder, Reason.of(e)), e);
    } catch (UserError e) {
      throw new UserError(
          e.kind(), "%s holds no sound model: %s".formatted(folder, Reason.of(e)), e);
    }
  }

  /** Reads a model that was sent. */
  static Model model(byte[][] files) {
    return ModelFolder.read(new ByteArrayInputStream(files[0]), new ByteArrayInputStream(files[1]));
  }

  /**
   * Writes both files.
   *
   * @param folder of any file system that Hadoop knows
   */
  void write(Configuration configuration, Path folder) throws IOException {
    FileSystem files = folder.getFileSystem(configuration);
    write(files, new Path(folder, ModelFolder.DESCRIPTION), description);
    write(files, new Path(folder, ModelFolder.WEIGHTS), weights);
  }

  private static void write(FileSystem files, Path file, byte[] bytes) throws IOException {
    try (OutputStream out = files.create(file)) {
      out.write(bytes);
    }
  }

  /** Sends the files to all executors that will want them, once. */
  synchronized Broadcast<byte[][]> on(JavaSparkContext spark) {
    String application = spark.sc().applicationId();
    Sent before = sent;
    if (before != null && before.application().equals(application)) {
      return before.files();
    }
    Broadcast<byte[][]> files = spark.broadcast(new byte[][] {description, weights});
    sent = new Sent(application, files);
    return files;
  }

  /** {@return what tells a model from every other, in hexadecimal} */
  String sha256() {
    return sha256;
  }

  /** {@return the names of the classes, in the order of the network's outputs} */
  List<String> classes() {
    return classes;
  }
}
