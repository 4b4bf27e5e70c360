package org.igcnet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process of one contender. A line of its input is a time in seconds; it then does steps for
 * that long, at least one, and answers with a line, the nanoseconds of each step as a JSON array.
 * It ends with its input.
 */
final class Worker {
  private Worker() {}

  /** Runs the contender that the only argument describes, in JSON. */
  public static void main(String[] arguments) throws IOException {
    Session session = JsonMapper.shared().readValue(arguments[0], Contender.class).open();
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      List<Long> steps = run(session, Double.parseDouble(line));
      System.out.println(JsonMapper.shared().writeValueAsString(steps));
    }
    System.exit(0);
  }

  private static List<Long> run(Session session, double seconds) {
    List<Long> steps = new ArrayList<>();
    long begin = System.nanoTime();
    long end = begin + (long) (1e9 * seconds);
    do {
      session.step();
      long now = System.nanoTime();
      steps.add(now - begin);
      begin = now;
    } while (begin < end);
    return steps;
  }
}
