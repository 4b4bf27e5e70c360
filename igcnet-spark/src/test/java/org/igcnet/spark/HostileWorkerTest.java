package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.igcnet.backend.GradientExchange.Tally;
import org.igcnet.spark.MeshTest.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One who is let in, and sends what no worker does. */
class HostileWorkerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** What a worker makes of another that sends these bytes, hears a number and is gone. */
  private static <T> String beside(byte[] sent, Work<T> work) throws Exception {
    return MeshTest.together(
            2,
            LONG,
            links -> {
              if (links.rank() == 1) {
                links.swap(
                    new ByteBuffer[] {ByteBuffer.wrap(sent), ByteBuffer.allocate(0)},
                    new ByteBuffer[] {ByteBuffer.wrap(count(0)), ByteBuffer.allocate(0)});
                return "";
              }
              return MeshTest.message(() -> result(links, work));
            })
        .getFirst();
  }

  private static <T> void result(Links links, Work<T> work) {
    try {
      assertThat(work.with(links)).isNotNull();
    } catch (RuntimeException met) {
      throw met;
    } catch (Exception met) {
      throw new IllegalStateException(met);
    }
  }

  /** The first message, which tells a number. */
  private static byte[] count(int number) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0)
        .putInt(number)
        .array();
  }

  @Timeout(60)
  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - Mesh.PIECE})
  void whatCannotBeCountedTogetherIsRefused(int count) throws Exception {
    String sentence =
        "the workers say that they have [1, %d], which cannot be counted together".formatted(count);
    assertThat(beside(count(count), links -> new Mesh(links).images(1))).isEqualTo(sentence);
    assertThat(beside(count(count), links -> new Mesh(links).join(new double[1])))
        .isEqualTo(sentence);
  }

  @Timeout(60)
  @Test
  void memoryIsTakenForNumbersThatAreThereOnly() throws Exception {
    byte[] most = count(Integer.MAX_VALUE - Mesh.PIECE - 1);
    assertThat(beside(most, links -> new Mesh(links).join(new double[1]))).contains("is gone");
  }

  @Property(tries = 60)
  void randomBytesAreNumbersOrALostWorkerNothingElse(
      @ForAll @Size(max = 80) byte[] noise, @ForAll boolean inStep) throws Exception {
    byte[] sent = noise.clone();
    if (inStep) {
      Arrays.fill(sent, 0, Math.min(Long.BYTES, sent.length), (byte) 0);
    }
    List<Work<Object>> works =
        List.of(
            links -> new Mesh(links).images(1),
            links -> new Mesh(links).join(new double[1]),
            links -> new Mesh(links).sum(new float[3], Tally.NONE));
    for (Work<Object> work : works) {
      assertThat(beside(sent, work))
          .matches(
              "nothing was thrown|worker 2 .* is gone.*|worker 2 is out of step with worker 1|the workers say .*");
    }
  }
}
