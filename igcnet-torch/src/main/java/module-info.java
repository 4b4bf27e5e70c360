/** Networks on libtorch: a service, which nobody has to know to compute with it. */
module org.igcnet.torch {
  requires org.bytedeco.javacpp;
  requires org.bytedeco.pytorch;
  requires org.igcnet.core;
  requires static org.jspecify;

  provides org.igcnet.backend.Backend with
      org.igcnet.torch.TorchBackend;
}
