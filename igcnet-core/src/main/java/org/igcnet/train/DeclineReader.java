package org.igcnet.train;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** Reads a {@link Decline} from a file's text. */
final class DeclineReader extends StdDeserializer<Decline> {
  DeclineReader() {
    super(Decline.class);
  }

  @Override
  public Decline deserialize(JsonParser parser, DeserializationContext context) {
    return Decline.parse(context.readValue(parser, String.class));
  }
}
