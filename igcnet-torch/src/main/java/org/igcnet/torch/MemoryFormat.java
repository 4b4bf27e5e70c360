package org.igcnet.torch;

import org.bytedeco.pytorch.global.torch;

/** The order of the values of images, activations and kernels in memory. */
enum MemoryFormat {
  /** {@code [image][channel][row][column]}. */
  CONTIGUOUS(torch.MemoryFormat.Contiguous),
  /** {@code [image][row][column][channel]}. */
  CHANNELS_LAST(torch.MemoryFormat.ChannelsLast);

  private final torch.MemoryFormat format;

  MemoryFormat(torch.MemoryFormat format) {
    this.format = format;
  }

  torch.MemoryFormat format() {
    return format;
  }
}
