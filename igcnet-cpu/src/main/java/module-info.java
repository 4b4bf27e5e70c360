/**
 * The engine on the processor: a service, which nobody has to know to compute with it. Java may
 * lack the vector module, and then it computes by plain loops.
 */
module org.igcnet.cpu {
  requires org.igcnet.core;
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  provides org.igcnet.backend.Backend with
      org.igcnet.cpu.CpuBackend;
}
