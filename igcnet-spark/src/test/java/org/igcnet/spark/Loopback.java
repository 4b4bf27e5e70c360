package org.igcnet.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Both ends of a connection within this machine. */
record Loopback(SocketChannel worker, SocketChannel driver) implements AutoCloseable {
  static Loopback open() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel worker = SocketChannel.open(server.getLocalAddress());
      return new Loopback(worker, server.accept());
    }
  }

  @Override
  public void close() throws IOException {
    worker.close();
    driver.close();
  }
}
