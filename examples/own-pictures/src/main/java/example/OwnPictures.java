package example;

import java.nio.file.Files;
import java.nio.file.Path;
import org.igcnet.model.ImageClassifier;
import org.igcnet.train.Training;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;

/**
 * Learns what the pictures of a folder show, which has a folder for each class: {@code photos/cat},
 * {@code photos/dog}. Started again with the same run, it goes on where it was stopped.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector … example.OwnPictures photos run new.jpg
 * </pre>
 */
public final class OwnPictures {
  private OwnPictures() {}

  /**
   * Trains, and prints what a picture shows.
   *
   * @param arguments the folder of pictures, the run's folder, a picture
   */
  public static void main(String[] arguments) {
    Path run = Path.of(arguments[1]);
    learn("folder:" + arguments[0], run);
    System.out.println(shown(run, Path.of(arguments[2])));
  }

  static void learn(String pictures, Path run) {
    try (TrainingRun training =
        Files.exists(run)
            ? TrainingRun.resume(run, Runtime.getRuntime().availableProcessors())
            : Training.of("IGC-L24M2").data(pictures).into(run)) {
      training.run(TrainingListener.SILENT);
    }
  }

  static String shown(Path run, Path picture) {
    try (ImageClassifier net = ImageClassifier.load(run)) {
      return net.classify(picture).best().name();
    }
  }
}
