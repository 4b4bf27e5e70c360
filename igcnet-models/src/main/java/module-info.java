/** Trained networks: a service, which nobody has to know to use them. */
module org.igcnet.models {
  requires org.igcnet.core;
  requires static org.jspecify;

  provides org.igcnet.model.ModelShelf with
      org.igcnet.models.TrainedNetworks;
}
