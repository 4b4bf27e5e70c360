package org.igcnet.torch;

/** How a network is written with libtorch's operations. Which is fastest depends on the network. */
public enum Form {
  /** Each operation of the network is one, maps are {@code [image][channel][row][column]}. */
  PLAIN(MemoryFormat.CONTIGUOUS),
  /** Each operation of the network is one, maps are {@code [image][row][column][channel]}. */
  CHANNELS_LAST(MemoryFormat.CHANNELS_LAST),
  /**
   * Small partitions are filled up with zeros, as {@link TorchStep} says, and maps are {@code
   * [image][row][column][channel]}: more multiply-adds in kernels that are faster. On a processor.
   */
  WIDE(MemoryFormat.CHANNELS_LAST);

  private final MemoryFormat memory;

  Form(MemoryFormat memory) {
    this.memory = memory;
  }

  /** The order of the values of images, activations and kernels. */
  MemoryFormat memory() {
    return memory;
  }
}
