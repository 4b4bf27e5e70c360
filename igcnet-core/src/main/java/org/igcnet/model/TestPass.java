package org.igcnet.model;

import java.util.List;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Dataset;
import org.igcnet.data.Views;

/** One pass of a network over labelled images, each once and in order. */
public final class TestPass {
  private static final int BATCH = 64;

  private TestPass() {}

  /** Sees what a network makes of the images. */
  @FunctionalInterface
  public interface Reader {
    /**
     * One batch.
     *
     * @param batch which is filled anew after the call
     * @param images the indices of its images in the data set
     * @param logits {@code [image][class]}, and perhaps more beyond them; valid until the next call
     */
    void predicted(ImageBatch batch, List<Integer> images, float[] logits);
  }

  /**
   * Runs a model over a data set, of whose pictures it sees what its framing keeps.
   *
   * @param model the model
   * @param dataset with the model's classes and the network's image shape
   * @param views what the network is shown of each image
   * @param compute what runs the network
   * @param listener hears how far it is
   * @param reader is given each batch's logits
   * @throws UserError where the data do not fit the model, or not one picture can be decoded
   */
  public static void over(
      Model model,
      Dataset dataset,
      Views views,
      Compute compute,
      TestListener listener,
      Reader reader) {
    model.requireFitting(dataset);
    Dataset framed = dataset.framed(model.framing());
    try (InferenceSession session = ViewsSession.over(model.inference(BATCH, compute), views);
        BatchStream batches = BatchStream.inOrder(framed, model.normalization(), BATCH)) {
      requireSome(over(session, batches, listener, reader));
    }
  }

  /**
   * Runs a network over the rest of a stream.
   *
   * @param batches its batches hold no more images than the session is for
   * @return how many images they held
   */
  static long over(
      InferenceSession session, BatchStream batches, TestListener listener, Reader reader) {
    long images = 0;
    for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
      batches.skipped().forEach(listener::skipped);
      if (batch.images() > 0) {
        reader.predicted(batch, batches.images(), session.logits(batch));
        images += batch.images();
        listener.tested(images);
      }
    }
    batches.skipped().forEach(listener::skipped);
    return images;
  }

  /**
   * @throws UserError where there was no image, as no picture could be decoded
   */
  static void requireSome(long images) {
    if (images == 0) {
      throw new UserError(
          Kind.DATA, "there is nothing to test with: not one picture could be decoded");
    }
  }
}
