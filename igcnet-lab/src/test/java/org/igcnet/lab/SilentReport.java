package org.igcnet.lab;

import org.igcnet.data.LeftAlone;

/** Hears nothing. */
class SilentReport implements ReportListener {
  @Override
  public void progress(String what, long done, long all, String unit) {}

  @Override
  public void leftAlone(LeftAlone some) {}

  @Override
  public void skipped(String sentence) {}
}
