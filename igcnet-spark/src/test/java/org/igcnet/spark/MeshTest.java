package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.igcnet.backend.GradientExchange.Tally;
import org.igcnet.backend.GroupTree;
import org.igcnet.loss.CrossEntropy.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MeshTest {
  private static final String HERE = InetAddress.getLoopbackAddress().getHostAddress();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(700);

  /** What a worker does with its connections. */
  interface Work<T> {
    T with(Links links) throws Exception;
  }

  /** What each of so many workers, connected with all others, made of it. */
  static <T> List<T> together(int workers, Duration patience, Work<T> work) throws Exception {
    Secret secret = Secret.drawn();
    List<Door> doors = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      doors.add(Door.open(HERE, HERE, secret));
    }
    List<String> addresses = doors.stream().map(Door::address).toList();
    List<Callable<T>> all = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      int rank = i;
      all.add(
          () -> {
            try (Door door = doors.get(rank);
                Links links = Links.join(rank, addresses, door, secret, patience, () -> false)) {
              return work.with(links);
            }
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(all)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private static float[] gradients(int rank, int values) {
    Random random = new Random(rank);
    float[] some = new float[values];
    for (int i = 0; i < values; i++) {
      some[i] = (float) random.nextGaussian();
    }
    return some;
  }

  @Test
  void sumsHaveTheBitsOfTheTreeForAnyNumberOfWorkersAndValues() throws Exception {
    for (int workers : new int[] {1, 2, 3, 4, 7}) {
      for (int values : new int[] {1, 5, 1000, 300_000}) {
        float[][] parts =
            IntStream.range(0, workers)
                .mapToObj(rank -> gradients(rank, values))
                .toArray(float[][]::new);
        GroupTree.add(
            workers,
            (from, to) -> {
              for (int i = 0; i < values; i++) {
                parts[to][i] += parts[from][i];
              }
            });
        for (float[] sum : together(workers, LONG, links -> summed(links, values))) {
          assertThat(sum).isEqualTo(parts[0]);
        }
      }
    }
  }

  private static float[] summed(Links links, int values) {
    Mesh mesh = new Mesh(links);
    float[] first = gradients(links.rank(), values);
    mesh.sum(first, Tally.NONE);
    float[] again = gradients(links.rank(), values);
    mesh.sum(again, Tally.NONE);
    assertThat(again).isEqualTo(first);
    return first;
  }

  @Test
  void whatIsCountedIsAddedUp() throws Exception {
    List<Tally> all =
        together(
            3,
            LONG,
            links -> {
              Mesh mesh = new Mesh(links);
              int rank = links.rank();
              assertThat(mesh.images(10 * rank)).isEqualTo(30);
              return mesh.sum(new float[4], new Tally(new Score(rank, 0.5, 2, 3), 1 + rank));
            });
    assertThat(all).containsOnly(new Tally(new Score(3, 1.5, 6, 9), 6)).hasSize(3);
  }

  @Test
  void numbersAreJoinedInTheOrderOfTheWorkers() throws Exception {
    List<double[]> all =
        together(
            4,
            LONG,
            links -> {
              double[] own = new double[links.rank() * 2];
              Arrays.fill(own, links.rank());
              return new Mesh(links).join(own);
            });
    for (double[] joined : all) {
      assertThat(joined).containsExactly(1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Mesh.PIECE - 1, Mesh.PIECE, Mesh.PIECE + 1, 3 * Mesh.PIECE})
  void anyNumberOfNumbersIsJoined(int length) throws Exception {
    double[] first = new Random(length).doubles(length).toArray();
    for (double[] joined : together(2, LONG, links -> joined(links, first))) {
      assertThat(Arrays.copyOf(joined, length)).isEqualTo(first);
      assertThat(Arrays.copyOfRange(joined, length, joined.length))
          .containsExactly(-0.0, Double.NaN);
    }
  }

  private static double[] joined(Links links, double[] first) {
    return new Mesh(links).join(links.rank() == 0 ? first : new double[] {-0.0, Double.NaN});
  }

  @Test
  void nobodyWaitsForOneWhoIsGone() throws Exception {
    List<String> all =
        together(
            3,
            LONG,
            links -> {
              if (links.rank() == 1) {
                return "";
              }
              return message(() -> new Mesh(links).images(1));
            });
    assertThat(all.get(0)).startsWith("worker 2 of 3 at " + HERE).contains("is gone");
    assertThat(all.get(2)).contains("is gone");
  }

  @Test
  void oneWhoSaysNothingIsNamedInTime() throws Exception {
    List<String> all =
        together(
            2,
            SHORT,
            links -> {
              if (links.rank() == 1) {
                Thread.sleep(3 * SHORT.toMillis());
                return "";
              }
              return message(() -> new Mesh(links).images(1));
            });
    assertThat(all.getFirst()).startsWith("waited 0 s for worker 2 of 2 at " + HERE);
  }

  static String message(Runnable work) {
    try {
      work.run();
      return "nothing was thrown";
    } catch (LostConnection lost) {
      return String.valueOf(lost.getMessage());
    }
  }

  @Test
  void strangersAreTurnedAway() throws Exception {
    try (Door door = Door.open(HERE, HERE, Secret.drawn())) {
      String address = door.address();
      assertThatThrownBy(() -> Door.call(address, "the driver", 1, Secret.drawn(), LONG))
          .isInstanceOf(LostConnection.class)
          .hasMessageContaining("it does not know the secret of this training");
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      try (Socket noise = new Socket(HERE, port)) {
        noise.getOutputStream().write(new byte[200]);
        InputStream answer = noise.getInputStream();
        assertThat(closed(answer)).isTrue();
      }
      assertThatThrownBy(() -> door.caller(1, "worker 2 of 2", SHORT))
          .hasMessage("waited 0 s for worker 2 of 2, which did not connect");
    }
  }

  private static boolean closed(InputStream answer) {
    try {
      return answer.read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void aSecondOfTheSameRankIsTurnedAway() throws Exception {
    Secret secret = Secret.drawn();
    try (Door door = Door.open(HERE, HERE, secret);
        var first = Door.call(door.address(), "the driver", 1, secret, LONG);
        var second = Door.call(door.address(), "the driver", 1, secret, LONG);
        var kept = door.caller(1, "worker 2", LONG)) {
      boolean firstIsIn = kept.getRemoteAddress().equals(first.getLocalAddress());
      var other = firstIsIn ? second : first;
      assertThat(closed(other.socket().getInputStream())).isTrue();
    }
  }
}
