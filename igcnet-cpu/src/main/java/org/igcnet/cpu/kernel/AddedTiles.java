package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link PlaneConvolution}.
 *
 * <p>{@code build/Tiles.java} says which there are, and writes this file.
 */
final class AddedTiles extends PlaneTiles {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final int V = Lanes.COUNT;

  private final Partitions partitions;
  private final int[] places;
  private final float[] shifts;
  private final float[] floor;

  AddedTiles(Partitions partitions, int[] places, float[] shifts, float[] floor) {
    this.partitions = partitions;
    this.places = places;
    this.shifts = shifts;
    this.floor = floor;
  }

  @Override
  void pairs(
      int channels,
      int width,
      float[] from,
      int fromBase,
      int channel,
      int tiles,
      float[] to,
      int toBase,
      int columns) {
    switch (10 * channels + width) {
      case 83 -> pairs8x3(from, fromBase, channel, tiles, to, toBase, columns);
      case 82 -> pairs8x2(from, fromBase, channel, tiles, to, toBase, columns);
      case 81 -> pairs8x1(from, fromBase, channel, tiles, to, toBase, columns);
      case 64 -> pairs6x4(from, fromBase, channel, tiles, to, toBase, columns);
      case 62 -> pairs6x2(from, fromBase, channel, tiles, to, toBase, columns);
      case 44 -> pairs4x4(from, fromBase, channel, tiles, to, toBase, columns);
      case 42 -> pairs4x2(from, fromBase, channel, tiles, to, toBase, columns);
      case 28 -> pairs2x8(from, fromBase, channel, tiles, to, toBase, columns);
      case 24 -> pairs2x4(from, fromBase, channel, tiles, to, toBase, columns);
      case 22 -> pairs2x2(from, fromBase, channel, tiles, to, toBase, columns);
      case 21 -> pairs2x1(from, fromBase, channel, tiles, to, toBase, columns);
      default -> throw new IllegalArgumentException(channels + " × " + width);
    }
  }

  /** 8 channels × 3 columns: 24 sums; 22 loads for 48 multiply-adds. */
  private void pairs8x3(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 8;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 3) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector a2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector b2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector c2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector d2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 4];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 4]);
          FloatVector e0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector e1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector e2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 5];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 5]);
          FloatVector f0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector f1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector f2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 6];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 6]);
          FloatVector g0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector g1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector g2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          o = at + places[output + 7];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 7]);
          FloatVector h0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector h1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector h2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            c2 = x2.fma(weight, c2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            d2 = x2.fma(weight, d2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            e2 = x2.fma(weight, e2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            f2 = x2.fma(weight, f2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            g0 = x0.fma(weight, g0);
            g1 = x1.fma(weight, g1);
            g2 = x2.fma(weight, g2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            h0 = x0.fma(weight, h0);
            h1 = x1.fma(weight, h1);
            h2 = x2.fma(weight, h2);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            c2 = x2.fma(weight, c2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            d2 = x2.fma(weight, d2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 12]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            e2 = x2.fma(weight, e2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 13]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            f2 = x2.fma(weight, f2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 14]);
            g0 = x0.fma(weight, g0);
            g1 = x1.fma(weight, g1);
            g2 = x2.fma(weight, g2);
            weight = FloatVector.broadcast(SPECIES, weights[w + 15]);
            h0 = x0.fma(weight, h0);
            h1 = x1.fma(weight, h1);
            h2 = x2.fma(weight, h2);
            w += 16;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          FloatVector floor2 = FloatVector.fromArray(SPECIES, floor, at + 2 * V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          a2.blend(0, a2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          b2.blend(0, b2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          c1.blend(0, c1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          c2.blend(0, c2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          d1.blend(0, d1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          d2.blend(0, d2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 4];
          e0.blend(0, e0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          e1.blend(0, e1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          e2.blend(0, e2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 5];
          f0.blend(0, f0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          f1.blend(0, f1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          f2.blend(0, f2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 6];
          g0.blend(0, g0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          g1.blend(0, g1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          g2.blend(0, g2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          o = at + places[output + 7];
          h0.blend(0, h0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          h1.blend(0, h1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          h2.blend(0, h2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
        }
      }
    }
  }

  /** 8 channels × 2 columns: 16 sums; 20 loads for 32 multiply-adds. */
  private void pairs8x2(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 8;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 2) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 4];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 4]);
          FloatVector e0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector e1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 5];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 5]);
          FloatVector f0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector f1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 6];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 6]);
          FloatVector g0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector g1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 7];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 7]);
          FloatVector h0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector h1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            g0 = x0.fma(weight, g0);
            g1 = x1.fma(weight, g1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            h0 = x0.fma(weight, h0);
            h1 = x1.fma(weight, h1);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 12]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 13]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 14]);
            g0 = x0.fma(weight, g0);
            g1 = x1.fma(weight, g1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 15]);
            h0 = x0.fma(weight, h0);
            h1 = x1.fma(weight, h1);
            w += 16;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          c1.blend(0, c1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          d1.blend(0, d1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 4];
          e0.blend(0, e0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          e1.blend(0, e1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 5];
          f0.blend(0, f0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          f1.blend(0, f1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 6];
          g0.blend(0, g0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          g1.blend(0, g1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 7];
          h0.blend(0, h0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          h1.blend(0, h1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
        }
      }
    }
  }

  /** 8 channels × 1 column: 8 sums; 18 loads for 16 multiply-adds. */
  private void pairs8x1(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 8;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column++) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 4];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 4]);
          FloatVector e0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 5];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 5]);
          FloatVector f0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 6];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 6]);
          FloatVector g0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 7];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 7]);
          FloatVector h0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            e0 = x0.fma(weight, e0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            f0 = x0.fma(weight, f0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            g0 = x0.fma(weight, g0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            h0 = x0.fma(weight, h0);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
            a0 = x0.fma(weight, a0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
            b0 = x0.fma(weight, b0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
            c0 = x0.fma(weight, c0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
            d0 = x0.fma(weight, d0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 12]);
            e0 = x0.fma(weight, e0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 13]);
            f0 = x0.fma(weight, f0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 14]);
            g0 = x0.fma(weight, g0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 15]);
            h0 = x0.fma(weight, h0);
            w += 16;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 4];
          e0.blend(0, e0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 5];
          f0.blend(0, f0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 6];
          g0.blend(0, g0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 7];
          h0.blend(0, h0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
        }
      }
    }
  }

  /** 6 channels × 4 columns: 24 sums; 20 loads for 48 multiply-adds. */
  private void pairs6x4(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 6;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 4) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector a2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector a3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector b2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector b3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector c2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector c3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector d2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector d3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 4];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 4]);
          FloatVector e0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector e1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector e2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector e3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 5];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 5]);
          FloatVector f0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector f1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector f2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector f3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            c2 = x2.fma(weight, c2);
            c3 = x3.fma(weight, c3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            d2 = x2.fma(weight, d2);
            d3 = x3.fma(weight, d3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            e2 = x2.fma(weight, e2);
            e3 = x3.fma(weight, e3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            f2 = x2.fma(weight, f2);
            f3 = x3.fma(weight, f3);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            c2 = x2.fma(weight, c2);
            c3 = x3.fma(weight, c3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            d2 = x2.fma(weight, d2);
            d3 = x3.fma(weight, d3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            e2 = x2.fma(weight, e2);
            e3 = x3.fma(weight, e3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            f2 = x2.fma(weight, f2);
            f3 = x3.fma(weight, f3);
            w += 12;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          FloatVector floor2 = FloatVector.fromArray(SPECIES, floor, at + 2 * V);
          FloatVector floor3 = FloatVector.fromArray(SPECIES, floor, at + 3 * V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          a2.blend(0, a2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          a3.blend(0, a3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          b2.blend(0, b2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          b3.blend(0, b3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          c1.blend(0, c1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          c2.blend(0, c2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          c3.blend(0, c3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          d1.blend(0, d1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          d2.blend(0, d2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          d3.blend(0, d3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 4];
          e0.blend(0, e0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          e1.blend(0, e1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          e2.blend(0, e2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          e3.blend(0, e3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 5];
          f0.blend(0, f0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          f1.blend(0, f1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          f2.blend(0, f2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          f3.blend(0, f3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
        }
      }
    }
  }

  /** 6 channels × 2 columns: 12 sums; 16 loads for 24 multiply-adds. */
  private void pairs6x2(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 6;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 2) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 4];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 4]);
          FloatVector e0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector e1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 5];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 5]);
          FloatVector f0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector f1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
            e0 = x0.fma(weight, e0);
            e1 = x1.fma(weight, e1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
            f0 = x0.fma(weight, f0);
            f1 = x1.fma(weight, f1);
            w += 12;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          c1.blend(0, c1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          d1.blend(0, d1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 4];
          e0.blend(0, e0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          e1.blend(0, e1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 5];
          f0.blend(0, f0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          f1.blend(0, f1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
        }
      }
    }
  }

  /** 4 channels × 4 columns: 16 sums; 16 loads for 32 multiply-adds. */
  private void pairs4x4(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 4;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 4) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector a2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector a3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector b2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector b3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector c2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector c3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector d2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector d3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            c2 = x2.fma(weight, c2);
            c3 = x3.fma(weight, c3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            d2 = x2.fma(weight, d2);
            d3 = x3.fma(weight, d3);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            c2 = x2.fma(weight, c2);
            c3 = x3.fma(weight, c3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            d2 = x2.fma(weight, d2);
            d3 = x3.fma(weight, d3);
            w += 8;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          FloatVector floor2 = FloatVector.fromArray(SPECIES, floor, at + 2 * V);
          FloatVector floor3 = FloatVector.fromArray(SPECIES, floor, at + 3 * V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          a2.blend(0, a2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          a3.blend(0, a3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          b2.blend(0, b2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          b3.blend(0, b3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          c1.blend(0, c1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          c2.blend(0, c2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          c3.blend(0, c3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          d1.blend(0, d1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          d2.blend(0, d2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          d3.blend(0, d3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
        }
      }
    }
  }

  /** 4 channels × 2 columns: 8 sums; 12 loads for 16 multiply-adds. */
  private void pairs4x2(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 4;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 2) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
            c0 = x0.fma(weight, c0);
            c1 = x1.fma(weight, c1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
            d0 = x0.fma(weight, d0);
            d1 = x1.fma(weight, d1);
            w += 8;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 2];
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          c1.blend(0, c1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 3];
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          d1.blend(0, d1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
        }
      }
    }
  }

  /** 2 channels × 8 columns: 16 sums; 20 loads for 32 multiply-adds. */
  private void pairs2x8(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 2;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 8) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector a2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector a3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          FloatVector a4 = FloatVector.fromArray(SPECIES, to, o + 4 * V).add(shift);
          FloatVector a5 = FloatVector.fromArray(SPECIES, to, o + 5 * V).add(shift);
          FloatVector a6 = FloatVector.fromArray(SPECIES, to, o + 6 * V).add(shift);
          FloatVector a7 = FloatVector.fromArray(SPECIES, to, o + 7 * V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector b2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector b3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          FloatVector b4 = FloatVector.fromArray(SPECIES, to, o + 4 * V).add(shift);
          FloatVector b5 = FloatVector.fromArray(SPECIES, to, o + 5 * V).add(shift);
          FloatVector b6 = FloatVector.fromArray(SPECIES, to, o + 6 * V).add(shift);
          FloatVector b7 = FloatVector.fromArray(SPECIES, to, o + 7 * V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            FloatVector x4 = FloatVector.fromArray(SPECIES, from, q + 4 * V);
            FloatVector x5 = FloatVector.fromArray(SPECIES, from, q + 5 * V);
            FloatVector x6 = FloatVector.fromArray(SPECIES, from, q + 6 * V);
            FloatVector x7 = FloatVector.fromArray(SPECIES, from, q + 7 * V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            a4 = x4.fma(weight, a4);
            a5 = x5.fma(weight, a5);
            a6 = x6.fma(weight, a6);
            a7 = x7.fma(weight, a7);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            b4 = x4.fma(weight, b4);
            b5 = x5.fma(weight, b5);
            b6 = x6.fma(weight, b6);
            b7 = x7.fma(weight, b7);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            x4 = FloatVector.fromArray(SPECIES, from, q + 4 * V);
            x5 = FloatVector.fromArray(SPECIES, from, q + 5 * V);
            x6 = FloatVector.fromArray(SPECIES, from, q + 6 * V);
            x7 = FloatVector.fromArray(SPECIES, from, q + 7 * V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            a4 = x4.fma(weight, a4);
            a5 = x5.fma(weight, a5);
            a6 = x6.fma(weight, a6);
            a7 = x7.fma(weight, a7);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            b4 = x4.fma(weight, b4);
            b5 = x5.fma(weight, b5);
            b6 = x6.fma(weight, b6);
            b7 = x7.fma(weight, b7);
            w += 4;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          FloatVector floor2 = FloatVector.fromArray(SPECIES, floor, at + 2 * V);
          FloatVector floor3 = FloatVector.fromArray(SPECIES, floor, at + 3 * V);
          FloatVector floor4 = FloatVector.fromArray(SPECIES, floor, at + 4 * V);
          FloatVector floor5 = FloatVector.fromArray(SPECIES, floor, at + 5 * V);
          FloatVector floor6 = FloatVector.fromArray(SPECIES, floor, at + 6 * V);
          FloatVector floor7 = FloatVector.fromArray(SPECIES, floor, at + 7 * V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          a2.blend(0, a2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          a3.blend(0, a3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          a4.blend(0, a4.compare(VectorOperators.LE, floor4)).intoArray(to, o + 4 * V);
          a5.blend(0, a5.compare(VectorOperators.LE, floor5)).intoArray(to, o + 5 * V);
          a6.blend(0, a6.compare(VectorOperators.LE, floor6)).intoArray(to, o + 6 * V);
          a7.blend(0, a7.compare(VectorOperators.LE, floor7)).intoArray(to, o + 7 * V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          b2.blend(0, b2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          b3.blend(0, b3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          b4.blend(0, b4.compare(VectorOperators.LE, floor4)).intoArray(to, o + 4 * V);
          b5.blend(0, b5.compare(VectorOperators.LE, floor5)).intoArray(to, o + 5 * V);
          b6.blend(0, b6.compare(VectorOperators.LE, floor6)).intoArray(to, o + 6 * V);
          b7.blend(0, b7.compare(VectorOperators.LE, floor7)).intoArray(to, o + 7 * V);
        }
      }
    }
  }

  /** 2 channels × 4 columns: 8 sums; 12 loads for 16 multiply-adds. */
  private void pairs2x4(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 2;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 4) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector a2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector a3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector b2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector b3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
            x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            a2 = x2.fma(weight, a2);
            a3 = x3.fma(weight, a3);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            b2 = x2.fma(weight, b2);
            b3 = x3.fma(weight, b3);
            w += 4;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          FloatVector floor2 = FloatVector.fromArray(SPECIES, floor, at + 2 * V);
          FloatVector floor3 = FloatVector.fromArray(SPECIES, floor, at + 3 * V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          a2.blend(0, a2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          a3.blend(0, a3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          b2.blend(0, b2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          b3.blend(0, b3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
        }
      }
    }
  }

  /** 2 channels × 2 columns: 4 sums; 8 loads for 8 multiply-adds. */
  private void pairs2x2(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 2;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 2) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            x1 = FloatVector.fromArray(SPECIES, from, q + V);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            a0 = x0.fma(weight, a0);
            a1 = x1.fma(weight, a1);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            b0 = x0.fma(weight, b0);
            b1 = x1.fma(weight, b1);
            w += 4;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          b1.blend(0, b1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
        }
      }
    }
  }

  /** 2 channels × 1 column: 2 sums; 6 loads for 4 multiply-adds. */
  private void pairs2x1(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 2;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column++) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = x0.fma(weight, a0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = x0.fma(weight, b0);
            q = p + taps[tap + 1];
            x0 = FloatVector.fromArray(SPECIES, from, q);
            weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
            a0 = x0.fma(weight, a0);
            weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
            b0 = x0.fma(weight, b0);
            w += 4;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          o = at + places[output];
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 1];
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
        }
      }
    }
  }

  @Override
  void halves(
      int channels,
      int width,
      float[] from,
      int fromBase,
      int channel,
      int tiles,
      float[] to,
      int toBase,
      int columns) {
    switch (10 * channels + width) {
      case 14 -> halves1x4(from, fromBase, channel, tiles, to, toBase, columns);
      default -> throw new IllegalArgumentException(channels + " × " + width);
    }
  }

  /** 1 channel × 4 columns: 8 sums; 10 loads for 8 multiply-adds. */
  private void halves1x4(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column += 4) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b0 = FloatVector.zero(SPECIES);
          FloatVector a1 = FloatVector.fromArray(SPECIES, to, o + V).add(shift);
          FloatVector b1 = FloatVector.zero(SPECIES);
          FloatVector a2 = FloatVector.fromArray(SPECIES, to, o + 2 * V).add(shift);
          FloatVector b2 = FloatVector.zero(SPECIES);
          FloatVector a3 = FloatVector.fromArray(SPECIES, to, o + 3 * V).add(shift);
          FloatVector b3 = FloatVector.zero(SPECIES);
          int w = weightBase;
          for (int tap = 0; tap < taps.length; tap += 2) {
            int q = p + taps[tap];
            FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = FloatVector.fromArray(SPECIES, from, q).fma(weight, a0);
            a1 = FloatVector.fromArray(SPECIES, from, q + V).fma(weight, a1);
            a2 = FloatVector.fromArray(SPECIES, from, q + 2 * V).fma(weight, a2);
            a3 = FloatVector.fromArray(SPECIES, from, q + 3 * V).fma(weight, a3);
            q = p + taps[tap + 1];
            weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = FloatVector.fromArray(SPECIES, from, q).fma(weight, b0);
            b1 = FloatVector.fromArray(SPECIES, from, q + V).fma(weight, b1);
            b2 = FloatVector.fromArray(SPECIES, from, q + 2 * V).fma(weight, b2);
            b3 = FloatVector.fromArray(SPECIES, from, q + 3 * V).fma(weight, b3);
            w += 2;
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          FloatVector floor1 = FloatVector.fromArray(SPECIES, floor, at + V);
          FloatVector floor2 = FloatVector.fromArray(SPECIES, floor, at + 2 * V);
          FloatVector floor3 = FloatVector.fromArray(SPECIES, floor, at + 3 * V);
          o = at + places[output];
          a0 = a0.add(b0);
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          a1 = a1.add(b1);
          a1.blend(0, a1.compare(VectorOperators.LE, floor1)).intoArray(to, o + V);
          a2 = a2.add(b2);
          a2.blend(0, a2.compare(VectorOperators.LE, floor2)).intoArray(to, o + 2 * V);
          a3 = a3.add(b3);
          a3.blend(0, a3.compare(VectorOperators.LE, floor3)).intoArray(to, o + 3 * V);
        }
      }
    }
  }

  @Override
  void column(
      int channels,
      int width,
      float[] from,
      int fromBase,
      int channel,
      int tiles,
      float[] to,
      int toBase,
      int columns) {
    switch (10 * channels + width) {
      case 61 -> column6x1(from, fromBase, channel, tiles, to, toBase, columns);
      case 41 -> column4x1(from, fromBase, channel, tiles, to, toBase, columns);
      case 11 -> column1x1(from, fromBase, channel, tiles, to, toBase, columns);
      default -> throw new IllegalArgumentException(channels + " × " + width);
    }
  }

  /** 6 channels × 1 column: 12 sums; 14 loads for 12 multiply-adds. */
  private void column6x1(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 6;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column++) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.zero(SPECIES);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.zero(SPECIES);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.zero(SPECIES);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.zero(SPECIES);
          o = at + places[output + 4];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 4]);
          FloatVector e0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector e1 = FloatVector.zero(SPECIES);
          o = at + places[output + 5];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 5]);
          FloatVector f0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector f1 = FloatVector.zero(SPECIES);
          int w = weightBase;
          int paired = taps.length & ~1;
          for (int tap = 0; tap < paired; tap += 2) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
            FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
            a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
            b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
            c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
            d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
            e0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 4]), e0);
            f0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 5]), f0);
            a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 6]), a1);
            b1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 7]), b1);
            c1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 8]), c1);
            d1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 9]), d1);
            e1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 10]), e1);
            f1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 11]), f1);
            w += 12;
          }
          if (paired < taps.length) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
            a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
            b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
            c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
            d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
            e0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 4]), e0);
            f0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 5]), f0);
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          o = at + places[output];
          a0 = a0.add(a1);
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 1];
          b0 = b0.add(b1);
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 2];
          c0 = c0.add(c1);
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 3];
          d0 = d0.add(d1);
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 4];
          e0 = e0.add(e1);
          e0.blend(0, e0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 5];
          f0 = f0.add(f1);
          f0.blend(0, f0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
        }
      }
    }
  }

  /** 4 channels × 1 column: 8 sums; 10 loads for 8 multiply-adds. */
  private void column4x1(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile * 4;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column++) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.zero(SPECIES);
          o = at + places[output + 1];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 1]);
          FloatVector b0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector b1 = FloatVector.zero(SPECIES);
          o = at + places[output + 2];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 2]);
          FloatVector c0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector c1 = FloatVector.zero(SPECIES);
          o = at + places[output + 3];
          shift = FloatVector.broadcast(SPECIES, shifts[output + 3]);
          FloatVector d0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector d1 = FloatVector.zero(SPECIES);
          int w = weightBase;
          int paired = taps.length & ~1;
          for (int tap = 0; tap < paired; tap += 2) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
            FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
            a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
            b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
            c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
            d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
            a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 4]), a1);
            b1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 5]), b1);
            c1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 6]), c1);
            d1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 7]), d1);
            w += 8;
          }
          if (paired < taps.length) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
            a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
            b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
            c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
            d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          o = at + places[output];
          a0 = a0.add(a1);
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 1];
          b0 = b0.add(b1);
          b0.blend(0, b0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 2];
          c0 = c0.add(c1);
          c0.blend(0, c0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
          o = at + places[output + 3];
          d0 = d0.add(d1);
          d0.blend(0, d0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
        }
      }
    }
  }

  /** 1 channel × 1 column: 2 sums; 4 loads for 2 multiply-adds. */
  private void column1x1(
      float[] from, int fromBase, int channel, int tiles, float[] to, int toBase, int columns) {
    int[] taps = partitions.taps();
    float[] weights = partitions.weights();
    int[] places = this.places;
    float[] shifts = this.shifts;
    float[] floor = this.floor;
    for (int part = 0; part < partitions.count(); part++) {
      int start = fromBase + partitions.input(part);
      for (int tile = 0; tile < tiles; tile++) {
        int first = channel + tile;
        int output = partitions.output(part) + first;
        int weightBase = partitions.weight(part, first);
        for (int column = 0; column < columns; column++) {
          int p = start + column * V;
          int at = toBase + column * V;
          int o = at + places[output];
          FloatVector shift = FloatVector.broadcast(SPECIES, shifts[output]);
          FloatVector a0 = FloatVector.fromArray(SPECIES, to, o).add(shift);
          FloatVector a1 = FloatVector.zero(SPECIES);
          int w = weightBase;
          int paired = taps.length & ~1;
          for (int tap = 0; tap < paired; tap += 2) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
            FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
            a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
            a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), a1);
            w += 2;
          }
          if (paired < taps.length) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
            a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          }
          FloatVector floor0 = FloatVector.fromArray(SPECIES, floor, at);
          o = at + places[output];
          a0 = a0.add(a1);
          a0.blend(0, a0.compare(VectorOperators.LE, floor0)).intoArray(to, o);
        }
      }
    }
  }
}
