package org.igcnet.serve;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that do not bring the whole head of a request in time, be they silent or
 * dripping.
 */
final class HeadTimer implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration limit;

  /** Who has to bring a head, and what closes it if it does not. */
  private final Map<EndPoint, Scheduler.Task> expected = new ConcurrentHashMap<>();

  HeadTimer(Scheduler scheduler, Duration limit) {
    this.scheduler = scheduler;
    this.limit = limit;
  }

  @Override
  public void onOpened(Connection connection) {
    expect(connection.getEndPoint());
  }

  @Override
  public void onClosed(Connection connection) {
    arrived(connection.getEndPoint());
  }

  /** From now on the next head is waited for. */
  void expect(EndPoint client) {
    Scheduler.Task close = scheduler.schedule(client::close, limit);
    cancel(expected.put(client, close));
    if (!client.isOpen()) {
      arrived(client);
    }
  }

  /** A head is there, or will never be. */
  void arrived(EndPoint client) {
    cancel(expected.remove(client));
  }

  private static void cancel(Scheduler.@Nullable Task task) {
    if (task != null) {
      task.cancel();
    }
  }
}
