package org.igcnet.cpu.plan;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.MemoryPlan.Part;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.plan.Fused.Excite;

/** The memory that a network takes to train, known before any of it is taken. */
public final class NetworkMemory {
  private NetworkMemory() {}

  /**
   * What a network takes.
   *
   * @param images most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param precision of the feature maps
   * @param threads threads that compute
   */
  public static MemoryPlan of(
      Architecture architecture, int images, int normImages, Precision precision, int threads) {
    return of(
        architecture,
        images,
        normImages,
        precision,
        threads,
        tuning(architecture, images, normImages, precision, threads));
  }

  /**
   * How a network cuts its work. The outputs of primary convolutions are kept only where all that
   * the network takes leaves a quarter of Java's heap to others; else they are computed again,
   * which costs time and changes no bit.
   */
  public static Tuning tuning(
      Architecture architecture, int images, int normImages, Precision precision, int threads) {
    MemoryPlan most = of(architecture, images, normImages, precision, threads, Tuning.DEFAULT);
    return most.heap() <= Runtime.getRuntime().maxMemory() / 4 * 3
        ? Tuning.DEFAULT
        : Tuning.DEFAULT.keepingNothing();
  }

  public static MemoryPlan of(
      Architecture architecture,
      int images,
      int normImages,
      Precision precision,
      int threads,
      Tuning tuning) {
    BatchLayout largest = BatchLayout.of(images, normImages);
    Fusion fusion = Fusion.of(architecture);
    Sizes sizes = Sizes.of(fusion, largest, tuning);
    List<Link> links = fusion.links();
    long norms =
        fusion.units().stream()
            .mapToLong(
                unit -> MemoryPlan.floats(Sizes.norm(largest.groups(), unit.to().channels())))
            .sum();
    long kernels = links.stream().mapToLong(link -> MemoryPlan.floats(Sizes.packed(link))).sum();
    long kept =
        links.stream()
            .mapToLong(link -> ConvPlan.of(link, tuning).primaryWords(precision, largest.blocks()))
            .filter(count -> count > 0)
            .map(MemoryPlan::floats)
            .sum();
    long parameters = architecture.tensorValues();
    return new MemoryPlan(
        List.of(
            new Part("images", tensors(largest, Precision.FLOAT32, List.of(architecture.input()))),
            new Part("feature maps", tensors(largest, precision, Sizes.maps(fusion))),
            new Part("outputs of primary convolutions", kept),
            new Part(
                "their gradients",
                tensors(largest, precision, GradientPlan.of(fusion, precision).slots())),
            new Part("weights and their gradients", 2 * MemoryPlan.floats(parameters)),
            new Part("weights as kernels want them", kernels),
            new Part(
                "sums",
                2 * MemoryPlan.floats(sizes.sums()) + MemoryPlan.floats(sizes.taskSums()) + norms),
            new Part("squeeze and excitation", excitations(fusion, largest)),
            new Part("final layer", MemoryPlan.floats(Sizes.head(architecture.head(), largest))),
            new Part("threads", threads * MemoryPlan.floats(sizes.scratch()))));
  }

  private static long excitations(Fusion fusion, BatchLayout largest) {
    return fusion.steps().stream()
        .filter(Excite.class::isInstance)
        .map(step -> new ExcitePlan((Excite) step))
        .mapToLong(plan -> MemoryPlan.floats(plan.vectors(largest)))
        .sum();
  }

  private static long tensors(BatchLayout largest, Precision precision, List<ImageShape> shapes) {
    return MapPlaces.of(largest, precision, shapes).words().stream()
        .mapToLong(MemoryPlan::floats)
        .sum();
  }
}
