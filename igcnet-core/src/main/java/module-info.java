/**
 * Networks of interleaved group convolutions as data, their theory, data sets, models and training.
 * What computes them is a {@link org.igcnet.backend.Backend}, a service of another module:
 * igcnet-cpu, or igcnet-torch.
 *
 * <p>MFL and the readers of TwelveMonkeys have automatic names only, so no image of jlink can hold
 * this module yet.
 */
@SuppressWarnings("module") // igcnet-onnx is compiled later
module org.igcnet.core {
  requires com.fasterxml.jackson.annotation;
  requires com.twelvemonkeys.imageio.core;
  requires com.twelvemonkeys.imageio.jpeg;
  requires com.twelvemonkeys.imageio.metadata;
  requires com.twelvemonkeys.imageio.webp;
  requires java.net.http;
  requires org.apache.commons.compress;
  requires static transitive org.jspecify;
  requires tools.jackson.databind;
  requires us.hebi.matlab.mat.mfl.core;
  requires transitive java.desktop;

  exports org.igcnet;
  exports org.igcnet.arch;
  exports org.igcnet.backend;
  exports org.igcnet.data;
  exports org.igcnet.files to
      org.igcnet.onnx;
  exports org.igcnet.loss;
  exports org.igcnet.model;
  exports org.igcnet.theory;
  exports org.igcnet.train;

  opens org.igcnet.backend to
      tools.jackson.databind;
  opens org.igcnet.data to
      tools.jackson.databind;
  opens org.igcnet.model to
      tools.jackson.databind;
  opens org.igcnet.train to
      tools.jackson.databind;

  uses org.igcnet.backend.Backend;
  uses org.igcnet.model.ModelShelf;
  uses org.igcnet.train.TrainingCluster.Service;
}
