package org.igcnet.cli;

import java.nio.file.Path;
import org.igcnet.data.TrainingData;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.model.Pretrained;
import org.igcnet.train.FirstModel;
import org.igcnet.train.RecordedRun;

/** Where a command has its model from. */
sealed interface ModelSource {
  /** Reads the model. */
  Model read();

  /** Reads the model for a training that begins with it. */
  FirstModel first();

  /** What its training remembers of its data. */
  TrainingData trainingData(Model model);

  /** What it may be called. */
  String name();

  /** A model folder, or a run folder. */
  record Folder(Path path) implements ModelSource {
    @Override
    public Model read() {
      return ModelFolder.read(path);
    }

    @Override
    public FirstModel first() {
      return FirstModel.read(path);
    }

    @Override
    public TrainingData trainingData(Model model) {
      return RecordedRun.data(path, model);
    }

    @Override
    public String name() {
      Path last = path.toAbsolutePath().normalize().getFileName();
      return last == null ? "model" : last.toString();
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** One that comes with the program. */
  record Shipped(Pretrained pretrained) implements ModelSource {
    @Override
    public Model read() {
      return pretrained.model();
    }

    @Override
    public FirstModel first() {
      return FirstModel.of(pretrained);
    }

    @Override
    public TrainingData trainingData(Model model) {
      return model.trainingData();
    }

    @Override
    public String name() {
      return pretrained.card().name();
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
