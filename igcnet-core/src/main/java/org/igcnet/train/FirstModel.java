package org.igcnet.train;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.model.Pretrained;

/**
 * A model that a training begins with, and where a user finds it again.
 *
 * @param model whose weights they are
 * @param folder the model's folder, as the user named it; nothing where it came from elsewhere
 * @param pretrained the name of a network that comes with the program; nothing for another model
 */
public record FirstModel(Model model, Optional<String> folder, Optional<String> pretrained) {
  /**
   * {@return a model that a program has}
   *
   * @param model the model
   */
  public static FirstModel of(Model model) {
    return new FirstModel(model, Optional.empty(), Optional.empty());
  }

  /**
   * {@return a model that comes with the program}
   *
   * @param pretrained the model
   * @throws UserError where its files are not what its card says
   */
  public static FirstModel of(Pretrained pretrained) {
    return new FirstModel(
        pretrained.model(), Optional.empty(), Optional.of(pretrained.card().name()));
  }

  /**
   * {@return the model in a folder}
   *
   * @param folder a model folder or a run folder
   * @throws UserError where it holds no sound model
   */
  public static FirstModel read(Path folder) {
    return new FirstModel(
        ModelFolder.read(folder), Optional.of(folder.toString()), Optional.empty());
  }
}
