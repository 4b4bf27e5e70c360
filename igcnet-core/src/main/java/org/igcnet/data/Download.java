package org.igcnet.data;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.data.Fetch.ProgressListener;

/**
 * Brings one file over HTTP, going on where an earlier transfer broke. The published checksum tells
 * whether the pieces belong together, so the server need not (no {@code If-Range}).
 */
final class Download {
  private static final int ATTEMPTS = 5;
  private static final int BUFFER = 1 << 18;

  /** Bytes a second below which a transfer has no end that anybody waits for. */
  private static final int LEAST_PACE = 1_000;

  private final Duration silence;
  private final Duration pause;

  /** For the wide world: gives up on 30 s of silence or of a drip, tries again after 2 s. */
  Download() {
    this(Duration.ofSeconds(30), Duration.ofSeconds(2));
  }

  /**
   * @param silence how long a server may send nothing, or less than {@value #LEAST_PACE} bytes a
   *     second
   * @param pause how long to wait before trying again
   */
  Download(Duration silence, Duration pause) {
    this.silence = silence;
    this.pause = pause;
  }

  /**
   * Fills {@code part} with the whole file. Bytes that {@code part} has already are not asked for
   * again; should the whole then not have the right checksum, it is brought once more from the
   * beginning.
   *
   * @throws UserError where that fails; {@code part} then exists only if a transfer broke that can
   *     be gone on with
   */
  void to(Path part, RemoteFile file, ProgressListener listener) throws IOException {
    try (HttpClient client = client()) {
      for (int left = ATTEMPTS - 1; ; left--) {
        boolean resumed = Files.exists(part);
        try {
          transfer(client, part, file, listener);
          if (hasChecksum(part, file, resumed && left > 0)) {
            return;
          }
        } catch (IOException e) {
          if (left == 0) {
            throw broken(part, file, e);
          }
          sleep();
        }
      }
    }
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(silence)
        .build();
  }

  private static UserError broken(Path part, RemoteFile file, IOException cause)
      throws IOException {
    String message =
        Files.exists(part)
            ? "the transfer of %s broke off after %,d bytes (%s); the same command goes on from there"
                .formatted(file.uri(), Files.size(part), Reason.of(cause))
            : "nothing of %s arrived (%s); see whether this machine can reach it"
                .formatted(file.uri(), Reason.of(cause));
    return new UserError(message, cause);
  }

  private void sleep() {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static UserError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new UserError("interrupted while downloading", e);
  }

  /**
   * Whether {@code part} is the published file; if not, it is deleted.
   *
   * @param again whether to bring it once more then, rather than give up
   */
  private static boolean hasChecksum(Path part, RemoteFile file, boolean again) throws IOException {
    String md5 = Checksums.md5(part);
    if (md5.equals(file.md5())) {
      return true;
    }
    Files.delete(part);
    if (again) {
      return false;
    }
    throw new UserError(
        "%s has MD5 %s, but the published file has %s".formatted(file.uri(), md5, file.md5()));
  }

  /** Appends to {@code part} what it lacks, or writes it anew where the server sends everything. */
  private void transfer(HttpClient client, Path part, RemoteFile file, ProgressListener listener)
      throws IOException {
    long here = Files.exists(part) ? Files.size(part) : 0;
    HttpResponse<InputStream> response = get(client, file, here);
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> write(response, body, 0, part, file, listener);
        case 206 -> {
          checkRange(response, here, part);
          write(response, body, here, part, file, listener);
        }
        case 416 -> checkAskedForMore(here); // everything is here already: the checksum tells
        case 408, 429, 500, 502, 503, 504 -> throw new IOException(answered(response));
        default -> throw new UserError("%s: %s".formatted(file.uri(), answered(response)));
      }
    }
  }

  private HttpResponse<InputStream> get(HttpClient client, RemoteFile file, long here)
      throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(file.uri()).timeout(silence);
    if (here > 0) {
      request.header("Range", "bytes=%d-".formatted(here));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static String answered(HttpResponse<InputStream> response) {
    return "the server answered %d instead of sending the file".formatted(response.statusCode());
  }

  private static void checkRange(HttpResponse<InputStream> response, long here, Path part)
      throws IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (here == 0 || !range.startsWith("bytes %d-".formatted(here))) {
      Files.deleteIfExists(part);
      throw new IOException("the server sent '%s', not from byte %d on".formatted(range, here));
    }
  }

  private static void checkAskedForMore(long here) throws IOException {
    if (here == 0) {
      throw new IOException("the server refused a range that nobody asked for");
    }
  }

  private void write(
      HttpResponse<InputStream> response,
      InputStream body,
      long from,
      Path part,
      RemoteFile file,
      ProgressListener listener)
      throws IOException {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    long total = length < 0 ? -1 : from + length;
    checkLimit(total, part, file);
    try (FileChannel out = FileChannel.open(part, CREATE, WRITE);
        Watch watch = new Watch(body, silence)) {
      out.truncate(from).position(from);
      byte[] buffer = new byte[BUFFER];
      for (int n = watch.read(buffer); n >= 0; n = watch.read(buffer)) {
        checkLimit(out.position() + n, part, file);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        listener.progress(file.name(), out.position(), total);
      }
      out.force(true);
    }
  }

  private static void checkLimit(long bytes, Path part, RemoteFile file) throws IOException {
    if (bytes > file.limit()) {
      Files.deleteIfExists(part);
      throw new UserError(
          "%s has %,d bytes or more, but the published file has at most %,d"
              .formatted(file.uri(), bytes, file.limit()));
    }
  }

  /** Reads a body, and closes it when it gives too little for a while, which wakes the reader. */
  private static final class Watch implements AutoCloseable {
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final InputStream body;
    private final Duration silence;
    private final AtomicLong arrived = new AtomicLong();
    private volatile boolean givenUp;

    Watch(InputStream body, Duration silence) {
      this.body = body;
      this.silence = silence;
      long period = silence.toMillis();
      var _ = clock.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    private void look() {
      if (arrived.getAndSet(0) >= LEAST_PACE * silence.toMillis() / 1000) {
        return;
      }
      givenUp = true;
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Like the body's own, but a body that was closed for its pace is no complete one. */
    int read(byte[] buffer) throws IOException {
      try {
        int n = body.read(buffer);
        arrived.addAndGet(Math.max(n, 0));
        if (!givenUp) {
          return n;
        }
      } catch (IOException e) {
        if (!givenUp) {
          throw e;
        }
      }
      throw new IOException(
          "the server fell silent, or sent less than %,d bytes a second".formatted(LEAST_PACE));
    }

    @Override
    public void close() {
      clock.shutdownNow();
    }
  }
}
