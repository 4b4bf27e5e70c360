package org.igcnet.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;

class BodiesTest {
  private static final int PIECE = 1 << 20;

  /** A piece that there is no room for when it is looked at. */
  private static final Content.Chunk TOO_MUCH =
      new Content.Chunk() {
        @Override
        public ByteBuffer getByteBuffer() {
          return ByteBuffer.allocate(PIECE);
        }

        @Override
        public int remaining() {
          throw new OutOfMemoryError("as Java says it");
        }

        @Override
        public boolean isLast() {
          return true;
        }
      };

  @Test
  void memoryOfABodyThatWasNotReadToItsEndIsFreeAgain() {
    Bodies bodies = Bodies.inHeap(PIECE);
    long most = Runtime.getRuntime().maxMemory() / 3 / (4L * PIECE);
    for (long again = 0; again < 2 * most; again++) {
      assertThatThrownBy(() -> read(bodies, List.of(piece(false), TOO_MUCH)))
          .isInstanceOf(OutOfMemoryError.class);
    }
    try (Bodies.Body body = read(bodies, List.of(piece(true)))) {
      assertThat(body.bytes()).hasSize(PIECE);
    }
  }

  private static Content.Chunk piece(boolean last) {
    return Content.Chunk.from(ByteBuffer.allocate(PIECE), last);
  }

  private static Bodies.Body read(Bodies bodies, List<Content.Chunk> pieces) {
    return bodies.read(request(pieces.iterator()), 2 * PIECE, Deadline.in(Duration.ofMinutes(1)));
  }

  /** A request that has nothing but a body. */
  private static Request request(Iterator<Content.Chunk> pieces) {
    return (Request)
        Proxy.newProxyInstance(
            BodiesTest.class.getClassLoader(),
            new Class<?>[] {Request.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "getHeaders" -> HttpFields.EMPTY;
                  case "getLength" -> -1L;
                  case "read" -> pieces.next();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
