package org.igcnet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** The process of one contender; {@link Conversation} says how it is spoken to. */
final class Worker {
  private Worker() {}

  /** Runs the contender that the only argument describes, in JSON. */
  public static void main(String[] arguments) throws IOException {
    PrintWriter answers = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    Conversation.greet(answers);
    Session session = JsonMapper.shared().readValue(arguments[0], Contender.Local.class).open();
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    Conversation.answer(session, orders, answers, System::nanoTime);
    System.exit(0);
  }
}
