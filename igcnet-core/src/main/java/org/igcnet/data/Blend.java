package org.igcnet.data;

import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.loss.Target;

/** How another image is blended into one. */
sealed interface Blend {
  /** How much of the image itself is left, from 0 to 1. */
  double kept();

  /** How much of it is left at one position. */
  float kept(int row, int column);

  /** Mixup: the weighted mean of the two. */
  record Mixed(double kept) implements Blend {
    @Override
    public float kept(int row, int column) {
      return (float) kept;
    }
  }

  /** CutMix: a box of the other image. */
  record Pasted(Box box, double kept) implements Blend {
    @Override
    public float kept(int row, int column) {
      return box.contains(row, column) ? 0 : 1;
    }
  }

  /** A blend as the recipe wants it, by numbers of its own. */
  static Blend draw(ImageRecipe recipe, ImageShape shape, SplitMix random) {
    boolean pasted = recipe.cutmix() > 0 && (recipe.mixup() == 0 || random.coin());
    if (!pasted) {
      return new Mixed(random.beta(recipe.mixup()));
    }
    double side = Math.sqrt(1 - random.beta(recipe.cutmix()));
    Box box =
        Box.anywhere(
            (int) Math.round(side * shape.height()),
            (int) Math.round(side * shape.width()),
            shape,
            random);
    return new Pasted(box, 1 - box.share(shape));
  }

  /** Blends two images of a batch into each other, at once, and their targets. */
  static void both(ImageBatch batch, int a, Blend ofA, int b, Blend ofB) {
    ImageShape shape = batch.shape();
    float[] pixels = batch.pixels();
    int atA = batch.start(a);
    int atB = batch.start(b);
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int row = 0; row < shape.height(); row++) {
        for (int column = 0; column < shape.width(); column++) {
          float x = pixels[atA];
          float y = pixels[atB];
          pixels[atA++] = mean(x, y, ofA.kept(row, column));
          pixels[atB++] = mean(y, x, ofB.kept(row, column));
        }
      }
    }
    Target targetA = batch.target(a);
    Target targetB = batch.target(b);
    batch.aim(a, targetA.mixed(targetB, ofA.kept()));
    batch.aim(b, targetB.mixed(targetA, ofB.kept()));
  }

  private static float mean(float own, float other, float kept) {
    return kept * own + (1 - kept) * other;
  }
}
