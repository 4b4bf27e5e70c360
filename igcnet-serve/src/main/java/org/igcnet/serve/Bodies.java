package org.igcnet.serve;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.backend.MemoryPlan;

/**
 * Reads what requests bring. How many bytes a body has is bounded, and how long it takes, and what
 * all of them take together. Memory is taken as bytes come, never for what is only announced.
 */
final class Bodies {
  /**
   * A byte is there as it came, in an array that grows, in a copy, and as what is read out of it.
   */
  private static final int COPIES = 4;

  /** A client that has sent too much is listened to for as many bytes, so that it hears why. */
  private static final long LISTENED = 64L << 20;

  private final AtomicLong free;

  private Bodies(long memory) {
    this.free = new AtomicLong(memory);
  }

  /**
   * With a third of Java's heap.
   *
   * @param most bytes that a body may have
   * @throws UserError where that is too little for one body
   */
  static Bodies inHeap(long most) {
    long memory = Runtime.getRuntime().maxMemory() / 3;
    if (most * COPIES > memory) {
      throw new UserError(
          Kind.MEMORY,
          "requests of %s do not fit into Java's heap of %s; %s is the most"
              .formatted(
                  MemoryPlan.text(most),
                  MemoryPlan.text(Runtime.getRuntime().maxMemory()),
                  MemoryPlan.text(memory / COPIES)));
    }
    return new Bodies(memory);
  }

  /** One that was read, and its share of the memory. */
  final class Body implements AutoCloseable {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private long taken;

    private void add(Content.Chunk chunk, int most) {
      int more = chunk.remaining();
      if (received.size() + (long) more > most) {
        throw tooLarge(most);
      }
      take((long) more * COPIES);
      taken += (long) more * COPIES;
      byte[] piece = new byte[more];
      chunk.getByteBuffer().get(piece);
      received.writeBytes(piece);
    }

    /** All of it; a copy. */
    byte[] bytes() {
      return received.toByteArray();
    }

    @Override
    public void close() {
      free.addAndGet(taken);
    }
  }

  private void take(long bytes) {
    if (free.addAndGet(-bytes) < 0) {
      free.addAndGet(bytes);
      throw Refusal.busy("there is no memory for more requests at the moment; ask again");
    }
  }

  /**
   * Reads a request's body to its end.
   *
   * @param most bytes that it may have
   * @throws Refusal where it has more or is encoded, or does not come in time, or breaks off
   */
  Body read(Request request, int most, Deadline deadline) {
    requireReadable(request, most);
    Body body = new Body();
    try {
      boolean last = false;
      while (!last) {
        Content.Chunk chunk = next(request, deadline);
        last = chunk.isLast();
        try {
          body.add(chunk, most);
        } finally {
          chunk.release();
        }
      }
      return body;
    } catch (RuntimeException | Error failed) {
      body.close();
      throw failed;
    }
  }

  private static void requireReadable(Request request, int most) {
    HttpField encoding = request.getHeaders().getField(HttpHeader.CONTENT_ENCODING);
    if (encoding != null) {
      throw Refusal.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "bodies are read as they are, and not in Content-Encoding: " + encoding.getValue());
    }
    if (request.getLength() > most) {
      throw tooLarge(most);
    }
  }

  private static Refusal tooLarge(int most) {
    return Refusal.tooLarge("the body of such a request may have %,d bytes".formatted(most));
  }

  /** Waits for the next piece. */
  private static Content.Chunk next(Request request, Deadline deadline) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk != null) {
        if (Content.Chunk.isFailure(chunk)) {
          throw Refusal.badRequest("the body broke off: " + Reason.of(chunk.getFailure()));
        }
        return chunk;
      }
      CountDownLatch come = new CountDownLatch(1);
      request.demand(come::countDown);
      if (!await(come, deadline)) {
        throw Refusal.of(
            HttpStatus.REQUEST_TIMEOUT_408, "the body did not come in the time that a request has");
      }
    }
  }

  private static boolean await(CountDownLatch come, Deadline deadline) {
    try {
      return come.await(deadline.left(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Reads on where a client is still sending what was refused: one that is cut off before it looks
   * for an answer never sees it.
   */
  static void discard(Request request, Deadline deadline) {
    long listened = 0;
    boolean last = false;
    try {
      while (!last && listened < LISTENED) {
        Content.Chunk chunk = next(request, deadline);
        last = chunk.isLast();
        listened += chunk.remaining();
        chunk.release();
      }
    } catch (Refusal _) {
      // It has stopped sending.
    }
  }
}
