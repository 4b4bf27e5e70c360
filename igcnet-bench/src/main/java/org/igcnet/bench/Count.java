package org.igcnet.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a benchmark gets through: a nanosecond has as many as a second has thousand millions. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Count {
  /** Multiply-adds, or values where a kernel does few of them. */
  public long done;
}
