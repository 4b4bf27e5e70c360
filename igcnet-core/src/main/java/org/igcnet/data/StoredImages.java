package org.igcnet.data;

/** Images that lie in memory in the shape that the network takes, or are drawn in it. */
public non-sealed interface StoredImages extends Dataset {
  /** {@return who hears how far it is where all of them are gone through} */
  default WorkListener listener() {
    return WorkListener.SILENT;
  }

  /** {@inheritDoc} The first is {@code image 0}. */
  @Override
  default String name(int index) {
    return "image " + index;
  }

  /** {@inheritDoc} They have their shape already. */
  @Override
  default StoredImages framed(Framing framing) {
    return this;
  }

  /** {@inheritDoc} They lie in memory already. */
  @Override
  default long readingBytes() {
    return 0;
  }

  /** That of all their pixels. */
  @Override
  default Normalization normalization() {
    return Normalization.of(this, listener());
  }
}
