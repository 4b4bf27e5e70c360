package org.igcnet.spark;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.igcnet.Reason;

/**
 * Where others connect to. The port is the system's choice; it is bound once and kept, so that
 * nobody takes it in between. Each side proves to the other that it knows the {@link Secret}; who
 * does not is turned away, and keeps nobody waiting.
 *
 * <pre>
 *   who opens                              who connects
 *              ←  "IGCX", version, rank, challenge a
 *   challenge b, proof(a, b)               →
 *              ←  proof(b, a)
 * </pre>
 */
final class Door implements AutoCloseable {
  private static final int MAGIC = 0x49474358;
  private static final int VERSION = 1;
  private static final String OPENER = "opener";
  private static final String CALLER = "caller";

  /** A stranger who says nothing is given up after this time. */
  private static final Duration GREETING = Duration.ofSeconds(10);

  private final ServerSocketChannel server;
  private final InetSocketAddress address;
  private final Secret secret;
  private final Map<Integer, CompletableFuture<SocketChannel>> callers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private Door(ServerSocketChannel server, String host, int port, Secret secret) {
    this.server = server;
    this.address = InetSocketAddress.createUnresolved(host, port);
    this.secret = secret;
  }

  /**
   * Opens a door.
   *
   * @param bind the machine's own name or address, as Spark gave it
   * @param host its name for others
   * @param secret what callers have to know
   */
  static Door open(String bind, String host, Secret secret) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      try {
        server.bind(new InetSocketAddress(bind, 0));
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        Door door = new Door(server, host, port, secret);
        Thread.ofVirtual().name("door").start(door::accept);
        return door;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new LostConnection(
          "cannot wait for connections at %s: %s; spark.driver.host, or SPARK_LOCAL_IP of a worker, names an address of the machine"
              .formatted(bind, Reason.of(e)),
          e);
    }
  }

  /** {@return where others connect to, {@code host:port}} */
  String address() {
    return address.getHostString() + ":" + address.getPort();
  }

  /**
   * Waits for a caller.
   *
   * @param rank of the caller
   * @param who it is, for the sentence that says that it did not come
   * @param wait how long
   * @return the connection
   */
  SocketChannel caller(int rank, String who, Duration wait) {
    try {
      return seat(rank).get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new LostConnection(
          "waited %s for %s, which did not connect".formatted(wait.toSeconds() + " s", who), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostConnection("interrupted while waiting for " + who, e);
    }
  }

  private CompletableFuture<SocketChannel> seat(int rank) {
    return callers.computeIfAbsent(rank, _ -> new CompletableFuture<>());
  }

  private void accept() {
    while (!closed) {
      try {
        SocketChannel caller = server.accept();
        Thread.ofVirtual().name("greeting").start(() -> greet(caller));
      } catch (IOException e) {
        // Closed, or one caller who is gone already; the next may come.
        if (!server.isOpen()) {
          return;
        }
      }
    }
  }

  private void greet(SocketChannel caller) {
    try {
      Socket socket = caller.socket();
      socket.setSoTimeout((int) GREETING.toMillis());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw new IOException("a stranger");
      }
      int rank = in.readInt();
      byte[] theirs = in.readNBytes(Secret.BYTES);
      byte[] own = Secret.challenge();
      out.write(own);
      out.write(secret.proof(OPENER, rank, theirs, own));
      out.flush();
      byte[] proof = in.readNBytes(Secret.BYTES);
      if (!Secret.same(proof, secret.proof(CALLER, rank, own, theirs))) {
        throw new IOException("a stranger");
      }
      if (closed || !seat(rank).complete(ready(caller))) {
        throw new IOException("a second of the same rank");
      }
    } catch (IOException | RuntimeException turnedAway) {
      quietly(caller);
    }
  }

  /**
   * Connects to somebody's door.
   *
   * @param address as {@link #address} says it
   * @param who it is, for the sentence of a refusal
   * @param rank of this side
   * @param secret what both sides know
   * @param wait how long an answer may take
   * @return the connection
   */
  static SocketChannel call(String address, String who, int rank, Secret secret, Duration wait) {
    int colon = address.lastIndexOf(':');
    InetSocketAddress there =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    try {
      SocketChannel channel = SocketChannel.open();
      try {
        Socket socket = channel.socket();
        socket.connect(there, (int) wait.toMillis());
        socket.setSoTimeout((int) wait.toMillis());
        prove(socket, rank, secret);
        return ready(channel);
      } catch (IOException | RuntimeException e) {
        quietly(channel);
        throw e;
      }
    } catch (IOException e) {
      throw new LostConnection(
          "cannot connect to %s at %s: %s".formatted(who, address, Reason.of(e)), e);
    }
  }

  private static void prove(Socket socket, int rank, Secret secret) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    byte[] own = Secret.challenge();
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(rank);
    out.write(own);
    out.flush();
    byte[] theirs = in.readNBytes(Secret.BYTES);
    byte[] proof = in.readNBytes(Secret.BYTES);
    if (!Secret.same(proof, secret.proof(OPENER, rank, own, theirs))) {
      throw new IOException("it does not know the secret of this training");
    }
    out.write(secret.proof(CALLER, rank, theirs, own));
    out.flush();
  }

  private static SocketChannel ready(SocketChannel channel) throws IOException {
    channel.socket().setSoTimeout(0);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    return channel;
  }

  private static void quietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up in any case.
    }
  }

  /** Lets nobody in any more; who is in stays. */
  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      throw new LostConnection("cannot close " + address(), e);
    }
  }
}
