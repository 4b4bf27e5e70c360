package org.igcnet.lab;

import org.igcnet.data.LeftAlone;
import org.igcnet.data.WorkListener;

/** Hears how the report of some runs goes. */
public interface ReportListener extends WorkListener {
  /** Something lies where the data are and is not used; of data of several runs it is told once. */
  void leftAlone(LeftAlone some);

  /**
   * A picture cannot be decoded and was left out.
   *
   * @param sentence which, and what is wrong with it
   */
  void skipped(String sentence);
}
