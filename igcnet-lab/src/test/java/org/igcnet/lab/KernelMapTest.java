package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.backend.Weights;
import org.igcnet.theory.Connections;
import org.igcnet.theory.IgcWeights;
import org.igcnet.train.Initialisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelMapTest {
  @Test
  void anIgcBlocksStrengthsAreThoseOfItsCompositeKernel() {
    Architecture architecture = Architecture.cifar("IGC-L4M3", 8, 10);
    Weights weights = weights(architecture);
    for (ConvUnit unit : architecture.units().subList(1, architecture.units().size())) {
      IgcConvolution igc = (IgcConvolution) unit.map();
      IgcWeights own =
          new IgcWeights(
              igc,
              values(weights, unit.name() + ".primary.weight", igc.primary().weights()),
              values(weights, unit.name() + ".secondary.weight", igc.secondary().weights()));
      double[] composite = own.compositeKernel();
      double[][] strengths = KernelMap.of(unit, weights).orElseThrow().strengths();
      int inputs = igc.inputChannels();
      for (int output = 0; output < igc.outputChannels(); output++) {
        for (int input = 0; input < inputs; input++) {
          int from = (output * inputs + input) * 9;
          double squares =
              IntStream.range(from, from + 9).mapToDouble(i -> composite[i] * composite[i]).sum();
          assertThat(strengths[output][input]).isCloseTo(Math.sqrt(squares), within(1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RegConv-W4",
        "SumFusion-L2M3",
        "IGC-L4M2",
        "IGC-L4M2-unpermuted",
        "IGC-L4M2-spatial",
        "IGC-L4M4-narrow2"
      })
  void channelsAreConnectedWhereThereAreStrengths(String name) {
    Architecture architecture = Architecture.cifar(name, 5, 10);
    ConvUnit unit = architecture.units().getLast();
    double[][] strengths = KernelMap.of(unit, weights(architecture)).orElseThrow().strengths();
    boolean all = Arrays.stream(strengths).flatMapToDouble(Arrays::stream).allMatch(s -> s > 0);
    assertThat(all).isEqualTo(Connections.of(unit.map()).dense());
  }

  @Test
  void anActivationBetweenLeavesNoCompositeKernel() {
    Architecture architecture = Architecture.cifar("IGC-L4M2-relu", 5, 10);
    ConvUnit unit = architecture.units().getLast();
    assertThat(KernelMap.of(unit, weights(architecture))).isEmpty();
  }

  private static Weights weights(Architecture architecture) {
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, 1);
    return weights;
  }

  private static double[] values(Weights weights, String name, int size) {
    int from = weights.offset(name);
    return IntStream.range(from, from + size).mapToDouble(i -> weights.values()[i]).toArray();
  }
}
