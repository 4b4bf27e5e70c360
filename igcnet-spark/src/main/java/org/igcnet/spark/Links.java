package org.igcnet.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.igcnet.Reason;

/**
 * One worker's connections, one to each other worker. All of them {@link #swap} at the same time;
 * nobody waits longer than agreed, and who is waited for is named.
 */
final class Links implements AutoCloseable {
  /** How often it looks whether it is still wanted, in milliseconds. */
  private static final int PATIENCE_MILLIS = 200;

  private final int rank;
  private final List<Link> links;
  private final Selector selector;
  private final Duration wait;
  private final BooleanSupplier cancelled;

  /** The connection to one other worker. */
  private record Link(int rank, String who, SocketChannel channel, SelectionKey key) {
    /** Sends and receives what is possible now; whether that was anything. */
    boolean move(ByteBuffer out, ByteBuffer in) {
      try {
        boolean sent = out.hasRemaining() && channel.write(out) > 0;
        int received = in.hasRemaining() ? channel.read(in) : 0;
        if (received < 0) {
          throw new LostConnection("%s is gone".formatted(who));
        }
        return sent || received > 0;
      } catch (IOException e) {
        throw new LostConnection("%s is gone: %s".formatted(who, Reason.of(e)), e);
      }
    }

    void interest(ByteBuffer out, ByteBuffer in) {
      key.interestOps(
          (out.hasRemaining() ? SelectionKey.OP_WRITE : 0)
              | (in.hasRemaining() ? SelectionKey.OP_READ : 0));
    }
  }

  private Links(
      int rank, List<Link> links, Selector selector, Duration wait, BooleanSupplier cancelled) {
    this.rank = rank;
    this.links = links;
    this.selector = selector;
    this.wait = wait;
    this.cancelled = cancelled;
  }

  /**
   * Connects a worker with all others: it calls those before it, and those behind it call.
   *
   * @param rank of this worker
   * @param addresses of the doors of all workers, this one's among them
   * @param door this worker's own
   * @param secret what all of them know
   * @param wait how long to wait for another worker, now and in each {@link #swap}
   * @param cancelled whether nobody wants it any more
   * @return the connections, to be closed
   */
  static Links join(
      int rank,
      List<String> addresses,
      Door door,
      Secret secret,
      Duration wait,
      BooleanSupplier cancelled) {
    List<Link> links = new ArrayList<>();
    try {
      Selector selector = Selector.open();
      Links joined = new Links(rank, links, selector, wait, cancelled);
      try {
        for (int other = 0; other < addresses.size(); other++) {
          if (other != rank) {
            String who = name(other, addresses);
            SocketChannel channel =
                other < rank
                    ? Door.call(addresses.get(other), who, rank, secret, wait)
                    : door.caller(other, who, wait);
            channel.configureBlocking(false);
            links.add(new Link(other, who, channel, channel.register(selector, 0)));
          }
        }
        return joined;
      } catch (IOException | RuntimeException e) {
        joined.close();
        throw e;
      }
    } catch (IOException e) {
      throw new LostConnection("the workers cannot be connected: " + Reason.of(e), e);
    }
  }

  /** {@return what a worker is called in messages} */
  static String name(int rank, List<String> addresses) {
    return "worker %d of %d at %s".formatted(rank + 1, addresses.size(), addresses.get(rank));
  }

  int rank() {
    return rank;
  }

  /** {@return the number of workers, this one among them} */
  int workers() {
    return links.size() + 1;
  }

  /**
   * Sends something to every other worker, and receives something from each.
   *
   * @param out by the rank of who gets it, from position to limit; this worker's own is not read
   * @param in by the rank of who sends it, filled from position to limit; this worker's own is not
   *     written to
   * @throws LostConnection where another worker is gone, or nothing comes or goes for too long
   */
  void swap(ByteBuffer[] out, ByteBuffer[] in) {
    long moved = System.nanoTime();
    while (true) {
      boolean any = false;
      boolean left = false;
      for (Link link : links) {
        any |= link.move(out[link.rank], in[link.rank]);
        left |= isLeft(link, out, in);
      }
      if (!left) {
        return;
      }
      if (any) {
        moved = System.nanoTime();
      } else {
        requireTime(moved, out, in);
        select(out, in);
      }
    }
  }

  private static boolean isLeft(Link link, ByteBuffer[] out, ByteBuffer[] in) {
    return out[link.rank].hasRemaining() || in[link.rank].hasRemaining();
  }

  private void select(ByteBuffer[] out, ByteBuffer[] in) {
    try {
      links.forEach(link -> link.interest(out[link.rank], in[link.rank]));
      selector.select(PATIENCE_MILLIS);
      selector.selectedKeys().clear();
    } catch (IOException e) {
      throw new LostConnection("the other workers cannot be waited for: " + Reason.of(e), e);
    }
  }

  private void requireTime(long moved, ByteBuffer[] out, ByteBuffer[] in) {
    if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new LostConnection("the training was given up by who started it");
    }
    if (System.nanoTime() - moved > wait.toNanos()) {
      throw new LostConnection(
          "waited %d s for %s"
              .formatted(
                  wait.toSeconds(),
                  links.stream()
                      .filter(link -> isLeft(link, out, in))
                      .map(Link::who)
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Ends all connections, so that nobody waits for this worker. */
  @Override
  public void close() {
    try {
      for (Link link : links) {
        link.channel.close();
      }
      selector.close();
    } catch (IOException e) {
      throw new LostConnection("the connections cannot be closed: " + Reason.of(e), e);
    }
  }
}
