package org.igcnet.lab;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.igcnet.data.Dataset;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Scored;
import org.igcnet.lab.Examination.Mistake;
import org.igcnet.lab.page.Pixels;
import org.igcnet.model.Model;
import org.igcnet.train.Recipe;
import org.igcnet.train.RecordedRun;

/**
 * What a page tells of one run, as the template {@code runs} names it.
 *
 * @param id its place on the page
 * @param words what to give a shell to repeat the training, where a line may break
 * @param unsaid what that cannot say
 * @param models its best model, or nothing where that was not looked at
 */
record RunSection(
    String id,
    String name,
    String description,
    String recipe,
    List<String> words,
    List<String> unsaid,
    List<ModelView> models) {
  /** With more classes than these a confusion matrix is a picture. */
  private static final int MOST_CLASSES = 20;

  /** With more classes than these the matrix is drawn narrowly. */
  private static final int MOST_WIDE = 12;

  /** What the best model sees, costs and has learned. */
  record ModelView(
      String accuracy,
      List<ClassTable.ClassRow> classRows,
      boolean many,
      List<String> classes,
      boolean narrow,
      List<ConfusionTable.ClassRow> confusion,
      String confusionMap,
      List<ConfusionTable.Pair> pairs,
      List<MistakeView> mistakes,
      List<LayerTable.LayerRow> layers,
      String step,
      List<KernelView> kernels) {}

  private record MistakeView(
      String picture, String name, String label, String taken, String probability, String own) {}

  private record KernelView(String name, String picture, String words) {}

  /**
   * Of a run whose model is not looked at.
   *
   * @param index of the run on the page
   */
  static RunSection of(RecordedRun run, int index, Repeat repeat) {
    return new RunSection(
        "run" + index,
        RunsPage.name(run),
        run.description().architecture() + ", " + run.description().data(),
        recipe(run.description().recipe()),
        words(repeat.command()),
        repeat.unsaid(),
        List.of());
  }

  /** A command in pieces, between which a line may break. */
  static List<String> words(String command) {
    return List.of(command.split(" (?=--)"));
  }

  /** The same with what was found of its best model. */
  RunSection with(ModelView model) {
    return new RunSection(id, name, description, recipe, words, unsaid, List.of(model));
  }

  /** What was found of a model. */
  static ModelView model(Model model, Scored scored, Examination examination, LayerTable layers) {
    List<String> classes = model.classes();
    ConfusionTable confusion = new ConfusionTable(examination, classes);
    ClassTable classTable = new ClassTable(examination, classes);
    boolean few = classes.size() <= MOST_CLASSES;
    return new ModelView(
        "%.2f%% of %s%s, the model of epoch %d"
            .formatted(
                examination.accuracy(),
                scored,
                leftOut(scored.images().size() - examination.images()),
                model.origin().epochs()),
        few ? classTable.rows() : classTable.worstFirst(),
        !few,
        few ? classes : List.of(),
        classes.size() > MOST_WIDE,
        few ? confusion.rows() : List.of(),
        few ? "" : Pixels.heat(confusion.roots()),
        confusion.pairs(),
        examination.mistakes().stream()
            .map(mistake -> mistake(mistake, classes, scored.images()))
            .toList(),
        layers.rows(),
        layers.step(),
        KernelMap.of(model).stream().map(RunSection::kernel).toList());
  }

  private static String leftOut(long images) {
    return images == 0 ? "" : ", without %,d that could not be decoded".formatted(images);
  }

  private static String recipe(Recipe recipe) {
    return "%d epochs of batches of %d, learning rate %s %s, momentum %s, weight decay %s, batch normalisation over %d images, %s, feature maps as %s, seed %d%s"
        .formatted(
            recipe.epochs(),
            recipe.batchSize(),
            recipe.learningRate(),
            recipe.schedule(),
            recipe.optimiser().momentum(),
            BigDecimal.valueOf(recipe.optimiser().weightDecay()).toPlainString(),
            recipe.norms().images(),
            recipe.images().augmentation(),
            recipe.precision(),
            recipe.seed(),
            more(recipe));
  }

  /** What the paper's recipe leaves off. */
  private static String more(Recipe recipe) {
    ImageRecipe images = recipe.images();
    Map<String, Number> on = new LinkedHashMap<>();
    on.put("label smoothing", images.labelSmoothing());
    on.put("mixup", images.mixup());
    on.put("CutMix", images.cutmix());
    on.put("cutout", images.cutout());
    on.put("random erasing", images.erasing());
    on.put("an average of the weights", recipe.averageDecay());
    on.put("gradients of at most", recipe.optimiser().gradientLimit());
    on.put("patience", recipe.patience());
    return on.entrySet().stream()
            .filter(part -> part.getValue().doubleValue() != 0)
            .map(part -> ", %s %s".formatted(part.getKey(), part.getValue()))
            .collect(Collectors.joining())
        + (images.balanced() ? ", classes balanced" : "");
  }

  private static MistakeView mistake(Mistake mistake, List<String> classes, Dataset images) {
    byte[] values = new byte[images.shape().size()];
    images.read(mistake.image(), values);
    return new MistakeView(
        Pixels.picture(images.shape(), values),
        images.name(mistake.image()),
        classes.get(mistake.label()),
        classes.get(mistake.taken()),
        "%.1f%%".formatted(100 * mistake.probability()),
        small(100 * mistake.ownProbability()));
  }

  /** Of a small number its first digit that says something: 42%, 3%, 0.007%. */
  private static String small(double percent) {
    return (percent < 9 ? "%.1g%%" : "%.0f%%").formatted(percent);
  }

  private static KernelView kernel(KernelMap map) {
    return new KernelView(
        map.unit(),
        Pixels.heat(map.strengths()),
        "%d outputs × %d inputs%s"
            .formatted(
                map.strengths().length,
                map.strengths()[0].length,
                map.composite() ? ", composite" : ""));
  }
}
