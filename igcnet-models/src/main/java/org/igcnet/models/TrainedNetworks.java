package org.igcnet.models;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.igcnet.model.ModelShelf;

/** The networks whose files lie beside this class. {@code build/models} puts them there. */
public final class TrainedNetworks implements ModelShelf {
  @Override
  public InputStream open(String file) throws IOException {
    InputStream in = TrainedNetworks.class.getResourceAsStream(file);
    if (in == null) {
      throw new FileNotFoundException(file);
    }
    return in;
  }
}
