package org.igcnet.serve;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection, on which one can send what no decent client would. */
final class Client implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  Client(URI service) throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** What came back; the names of headers are in small letters. */
  record Reply(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    String error() {
      return json().get("error").asString();
    }
  }

  static Reply get(URI service, String path) throws IOException {
    return ask(service, "GET", path, "text/plain", new byte[0]);
  }

  static Reply post(URI service, String path, byte[] body) throws IOException {
    return ask(service, "POST", path, "application/octet-stream", body);
  }

  static Reply json(URI service, String path, String body) throws IOException {
    return ask(service, "POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply ask(URI service, String method, String path, String type, byte[] body)
      throws IOException {
    try (Client client = new Client(service)) {
      return client.ask(method, path, type, body);
    }
  }

  Reply ask(String method, String path, String type, byte[] body) throws IOException {
    send(head(method, path, type, body.length), body);
    return reply();
  }

  static byte[] head(String method, String path, String type, long length) {
    return "%s %s HTTP/1.1\r\nHost: here\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(method, path, type, length)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  void send(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    socket.getOutputStream().write(all.toByteArray());
  }

  /**
   * Reads one answer.
   *
   * @throws EOFException where the service closes the connection instead
   */
  Reply reply() throws IOException {
    String status = line();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    return new Reply(
        Integer.parseInt(status.split(" ", 3)[1]),
        headers,
        new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the service has closed the connection, for which this waits. */
  boolean closedByService() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
