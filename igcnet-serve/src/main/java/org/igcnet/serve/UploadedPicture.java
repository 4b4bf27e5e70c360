package org.igcnet.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.igcnet.Reason;
import org.jspecify.annotations.Nullable;

/** The bytes of a picture's file, as the whole of a body, or as the file of an HTML form. */
final class UploadedPicture {
  private static final String FORM = "multipart/form-data";

  /** Of a form that has one file. */
  private static final int MOST_PARTS = 16;

  private UploadedPicture() {}

  /**
   * Finds them.
   *
   * @param type the body's media type; of what is no form it does not matter, as the bytes tell
   * @throws Refusal where there is none, or more than one
   */
  static byte[] of(byte[] body, @Nullable String type) {
    byte[] file = type != null && isForm(type) ? file(body, type) : body;
    if (file.length == 0) {
      throw Refusal.badRequest(
          "there is no picture; the body is the bytes of its file, or a form with that file");
    }
    return file;
  }

  private static boolean isForm(String type) {
    return type.regionMatches(true, 0, FORM, 0, FORM.length());
  }

  private static byte[] file(byte[] form, String type) {
    String boundary = MultiPart.extractBoundary(type);
    if (boundary == null || boundary.isEmpty()) {
      throw Refusal.badRequest("the form's Content-Type has no boundary");
    }
    MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
    parser.setUseFilesForPartsWithoutFileName(false);
    parser.setMaxParts(MOST_PARTS);
    parser.setMaxLength(form.length);
    parser.setMaxMemoryFileSize(form.length);
    CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
    parser.parse(Content.Source.from(ByteBuffer.wrap(form)), Promise.Invocable.toPromise(parsed));
    try (MultiPartFormData.Parts parts = parsed.join()) {
      byte @Nullable [] found = null;
      for (MultiPart.Part part : parts) {
        if (part.getFileName() != null) {
          if (found != null) {
            throw Refusal.badRequest("the form has more than one file; one picture is right");
          }
          found = bytes(part);
        }
      }
      return found == null ? new byte[0] : found;
    } catch (CompletionException broken) {
      throw Refusal.badRequest("the form is broken: " + Reason.of(cause(broken)));
    }
  }

  private static byte[] bytes(MultiPart.Part part) {
    try {
      ByteBuffer bytes = Content.Source.asByteBuffer(part.getContentSource());
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (IOException e) {
      throw Refusal.badRequest("the form is broken: " + Reason.of(e));
    }
  }

  private static Throwable cause(CompletionException wrapper) {
    Throwable cause = wrapper.getCause();
    return cause == null ? wrapper : cause;
  }
}
