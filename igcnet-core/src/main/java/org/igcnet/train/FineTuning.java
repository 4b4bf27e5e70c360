package org.igcnet.train;

import java.util.List;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Head;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;
import org.igcnet.model.Model;

/**
 * What a training that begins with a model takes from it: all weights of the body, whatever the
 * size of the images; and the final layer where the classes are the same, in the same order.
 */
final class FineTuning {
  private FineTuning() {}

  /**
   * Looks whether a network has the body of a model's.
   *
   * @throws UserError where it has not
   */
  static void requireSameBody(Architecture network, Model model) {
    Architecture given = model.architecture();
    boolean same =
        network.network().equals(given.network())
            && network.body() == given.body()
            && network.depth() == given.depth()
            && network.input().channels() == given.input().channels();
    if (!same) {
      throw new UserError(
          Kind.DATA,
          "%s, body \"%s\", of images of %s cannot begin with the weights of %s, body \"%s\", of images of %s: network, depth, body and colours have to be the same"
              .formatted(
                  network,
                  network.body().id(),
                  network.input(),
                  given,
                  given.body().id(),
                  given.input()));
    }
  }

  /**
   * Puts what is taken in the place of the first weights.
   *
   * @param classes that the network is to tell apart
   */
  static void put(Model model, List<String> classes, Weights first) {
    boolean sameClasses = classes.equals(model.classes());
    for (Parameter parameter : first.parameters()) {
      if (sameClasses || !isOfHead(parameter)) {
        int from = model.weights().offset(parameter.name());
        int to = first.offset(parameter.name());
        System.arraycopy(model.weights().values(), from, first.values(), to, parameter.size());
      }
    }
  }

  private static boolean isOfHead(Parameter parameter) {
    return parameter.name().equals(Head.WEIGHT) || parameter.name().equals(Head.BIAS);
  }
}
