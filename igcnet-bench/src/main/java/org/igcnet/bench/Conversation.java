package org.igcnet.bench;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.igcnet.UserError;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a benchmark and the process of one contender say to each other. The process may be that of
 * another build of this program, so that nothing here may change for the same {@link #VERSION}.
 *
 * <ul>
 *   <li>The process is {@code java org.igcnet.bench.Worker CONTENDER} with a class path that has
 *       the contender's build, for example {@code igcnet-bench.jar}, whose manifest names the rest.
 *       CONTENDER is a {@link Contender.Local} in JSON. Readers pass over names that they do not
 *       know.
 *   <li>The process first writes the line {@code igcnet-bench worker 1}, with the version. What
 *       writes no such line before its first answer is of version 1.
 *   <li>The benchmark writes an order, a line with a time in seconds, for example {@code 0.5}.
 *   <li>The process does steps for that long, at least one, and answers with a line, the
 *       nanoseconds of each step in order as a JSON array: {@code [201544120,199873455,200018767]}.
 *   <li>Any other line that the process writes is passed over: native libraries print, and so does
 *       the virtual machine.
 *   <li>The process ends with its input.
 * </ul>
 */
final class Conversation {
  /** Of what is said. It grows where a process of the version before would not understand. */
  static final int VERSION = 1;

  /** The main class of a contender's process. */
  static final String MAIN_CLASS = "org.igcnet.bench.Worker";

  private static final String GREETING = "igcnet-bench worker ";

  /** The virtual machine's warnings begin with a bracket too. */
  private static final Pattern ANSWER = Pattern.compile("\\[[0-9,]+]");

  private final Contender contender;
  private final PrintWriter orders;
  private final BufferedReader answers;

  /**
   * The benchmark's end.
   *
   * @param contender whose process it is
   * @param orders what the process reads; flushed with every line
   * @param answers what it writes
   */
  Conversation(Contender contender, PrintWriter orders, BufferedReader answers) {
    this.contender = contender;
    this.orders = orders;
    this.answers = answers;
  }

  /**
   * Lets the process run for a while.
   *
   * @throws IOException where it ends meanwhile
   * @throws UserError where it speaks another version
   */
  Samples run(double seconds) throws IOException {
    orders.println(seconds);
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(GREETING)) {
        understand(line.substring(GREETING.length()));
      } else if (ANSWER.matcher(line).matches()) {
        return new Samples(JsonMapper.shared().readValue(line, long[].class));
      }
    }
    throw new EOFException("no answer");
  }

  private void understand(String version) {
    if (!version.equals(Integer.toString(VERSION))) {
      throw new UserError(
          "the process of \"%s\" speaks version %s with its benchmark; it must be of a build that speaks version %d, as this one does"
              .formatted(contender, version, VERSION));
    }
  }

  /** Says to the benchmark that it ends: with its input. */
  void end() {
    orders.close();
  }

  /** The process's first line. */
  static void greet(PrintWriter answers) {
    answers.println(GREETING + VERSION);
  }

  /**
   * The process's end: answers until there are no more orders.
   *
   * @param clock nanoseconds
   */
  static void answer(
      Session session, BufferedReader orders, PrintWriter answers, LongSupplier clock)
      throws IOException {
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      List<Long> steps = steps(session, Double.parseDouble(line), clock);
      answers.println(JsonMapper.shared().writeValueAsString(steps));
    }
  }

  private static List<Long> steps(Session session, double seconds, LongSupplier clock) {
    List<Long> steps = new ArrayList<>();
    long begin = clock.getAsLong();
    long end = begin + (long) (1e9 * seconds);
    do {
      session.step();
      long now = clock.getAsLong();
      steps.add(now - begin);
      begin = now;
    } while (begin < end);
    return steps;
  }
}
