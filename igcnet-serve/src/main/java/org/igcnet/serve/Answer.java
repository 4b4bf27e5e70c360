package org.igcnet.serve;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client gets.
 *
 * @param status of HTTP
 * @param type the body's media type
 * @param body the whole of it; read from its position on, which stays
 * @param headers more of them
 */
record Answer(int status, String type, ByteBuffer body, Map<String, String> headers) {
  static final JsonMapper JSON =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  static Answer of(int status, String type, byte[] body) {
    return new Answer(status, type, ByteBuffer.wrap(body).asReadOnlyBuffer(), Map.of());
  }

  static Answer json(int status, Object document) {
    return of(status, "application/json", JSON.writeValueAsBytes(document));
  }

  static Answer json(Object document) {
    return json(HttpStatus.OK_200, document);
  }

  Answer with(Map<String, String> more) {
    return new Answer(status, type, body, more);
  }
}
