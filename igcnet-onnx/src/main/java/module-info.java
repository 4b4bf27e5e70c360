/**
 * Export of trained networks to ONNX. The classes of its file format are in a module that has an
 * automatic name only.
 */
module org.igcnet.onnx {
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;
  requires static org.jspecify;
  requires tools.jackson.databind;
  requires transitive org.igcnet.core;

  exports org.igcnet.onnx;
}
