package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.DataSpec;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.igcnet.data.Normalization;
import org.igcnet.data.Part;
import org.igcnet.lab.Repeat;
import org.igcnet.train.FirstWeights;
import org.igcnet.train.NamedRecipe;
import org.igcnet.train.NormAverages;
import org.igcnet.train.NormStatistics;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;
import org.igcnet.train.RunDescription;
import org.igcnet.train.RunDescription.DataFacts;
import org.igcnet.train.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What a run's description becomes on the command line is parsed back to the same. */
class TrainLineTest {
  private static final Recipe PAPER = Recipe.paper(false, 400, Augmentation.CROP_AND_MIRROR, 1);

  private static RunDescription run(Architecture architecture, String data, Recipe recipe) {
    return new RunDescription(
        "igcnet-run",
        5,
        architecture.network().toString(),
        architecture.body().id(),
        architecture.depth(),
        data,
        Optional.empty(),
        Optional.of(Part.APART),
        new DataFacts(
            architecture.input(),
            List.of("a", "b"),
            50_000,
            10_000,
            new Normalization(List.of(1f, 1f, 1f), List.of(1f, 1f, 1f)),
            Optional.empty()),
        recipe,
        Optional.empty(),
        List.of(),
        "igc",
        Optional.of(16));
  }

  private static Architecture network(String name, Body body, int depth, int size) {
    return new Architecture(NetworkName.parse(name), body, depth, 2, new ImageShape(3, size, size));
  }

  private static RunDescription grownFrom(FirstWeights first, RunDescription run) {
    return new RunDescription(
        run.format(),
        run.version(),
        run.network(),
        run.body(),
        run.depth(),
        run.data(),
        run.dataFolder(),
        run.tested(),
        run.dataFacts(),
        run.recipe(),
        Optional.of(first),
        List.of("what the file was before its epochs grew"),
        run.engine(),
        run.lanes());
  }

  static Stream<RunDescription> runs() {
    Architecture usual = network("IGC-L24M2", Body.STAGES, 8, 32);
    return Stream.of(
        run(usual, "shapes", PAPER),
        run(
            usual,
            "cifar10:~/data sets/it's",
            PAPER.withBatch(128, 32).withLearningRate(0.025).withSeed(Long.MIN_VALUE + 7)),
        run(
            network("IGC-L4M2-swapped-relu+Ident", Body.FLAT, 10, 32),
            "cifar100:DIR",
            PAPER
                .withEpochs(95)
                .withRateSteps(RateSteps.after(List.of(30, 60, 90), 95))
                .withNorms(new NormStatistics(64, 0.97, NormAverages.WARMED))),
        run(
            usual,
            "shapes",
            PAPER
                .withSchedule(Schedule.ONE_CYCLE.withWarmUp(0.4))
                .withOptimiser(new Optimiser(0.8, 5e-4, 2, 1.5))
                .withImages(
                    new ImageRecipe(
                        Augmentation.CROP_AND_MIRROR,
                        Mirroring.ALTERNATING,
                        8,
                        0.25,
                        0.2,
                        1,
                        0.1,
                        true))
                .withAverageDecay(0.999)
                .withPrecision(Precision.BF16)
                .withPatience(20)),
        run(usual, "shapes", PAPER.withSchedule(Schedule.COSINE)),
        run(usual, "shapes", PAPER.withSchedule(Schedule.PAPER.withWarmUp(0.05))),
        run(
            network("ResNet-C4", Body.IMAGENET, 18, 128),
            "folder:photos,size=128,held-out=0.25:3,strict",
            Recipe.paper(
                NetworkName.parse("ResNet-C4").identity(), 20, Augmentation.SCALE_AND_MIRROR, 2)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theLineTrainsTheSame(RunDescription run) {
    TrainLine line = TrainLine.of(run);
    assertThat(line.unsaid()).isEmpty();
    Console console = new Console(new StringWriter(), new StringWriter(), () -> 0);
    CommandLine parser = new CommandLine(new TrainCommand(console));
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    CommandLine.ParseResult parsed =
        parser.parseArgs(line.words().subList(1, line.words().size()).toArray(String[]::new));
    String data = parsed.matchedOptionValue("--data", "");
    assertThat(data).isEqualTo(run.data());
    RecipeOptions options =
        (RecipeOptions)
            Objects.requireNonNull(parser.getCommandSpec().mixins().get("recipe")).userObject();
    Recipe recipe =
        options.fitting(
            NamedRecipe.FAST,
            run.architecture().network().identity(),
            run.dataFacts().trainImages(),
            DataSpec.parse(data).augmentation(),
            Compute.threads(1));
    assertThat(recipe).isEqualTo(run.recipe());
    Architecture architecture =
        new Architecture(
            NetworkName.parse(parsed.matchedPositionalValue(0, "")),
            Body.parse(parsed.matchedOptionValue("--body", "")),
            parsed.matchedOptionValue("--depth", 0),
            2,
            run.dataFacts().shape());
    assertThat(architecture).isEqualTo(run.architecture());
    assertThat(parsed.matchedOptionValue("--engine", "")).isEqualTo("igc");
  }

  @Test
  void aShellTakesTheWordsAsTheyAre() {
    Repeat repeat = TrainLine.of(runs().skip(1).findFirst().orElseThrow()).repeat();
    assertThat(repeat.command())
        .startsWith(
            Hint.PROGRAM
                + " train IGC-L24M2 --depth 8 --body stages --recipe paper --data 'cifar10:~/data sets/it'\\''s' --epochs 400 --batch 128 --bn-images 32 --lr 0.025 --schedule 1/2,3/4,7/8 --momentum 0.9 --weight-decay 0.0001 --seed -9223372036854775801 --engine igc");
  }

  private static FirstWeights first(Optional<String> folder, Optional<String> pretrained) {
    return new FirstWeights(
        "IGC-L24M2, depth 8, 10 classes", "cifar10:DIR", "0a", folder, pretrained);
  }

  @Test
  void theModelThatARunBeganWithIsNamed() {
    RunDescription run = run(network("IGC-L24M2", Body.STAGES, 8, 32), "shapes", PAPER);
    TrainLine folder =
        TrainLine.of(grownFrom(first(Optional.of("runs/a b"), Optional.empty()), run));
    assertThat(folder.repeat().command())
        .startsWith(Hint.PROGRAM + " train --from 'runs/a b' --recipe paper ");
    TrainLine shipped = TrainLine.of(grownFrom(first(Optional.empty(), Optional.of("x-c10")), run));
    assertThat(shipped.words()).startsWith("train", "--pretrained", "x-c10", "--recipe", "paper");
    assertThat(shipped.unsaid()).noneMatch(of -> of.contains("MODEL"));
  }

  @Test
  void whatNoOptionSaysIsNamed() {
    Architecture usual = network("IGC-L24M2", Body.STAGES, 8, 32);
    Recipe odd =
        PAPER
            .withAugmentation(Augmentation.NONE)
            .withNormAverages(NormAverages.MOVED)
            .withFrozen(2);
    FirstWeights first = first(Optional.empty(), Optional.empty());
    TrainLine tuned = TrainLine.of(grownFrom(first, run(usual, "shapes", odd)));
    assertThat(tuned.words())
        .startsWith("train", "--from", "MODEL", "--freeze", "1", "--recipe", "paper")
        .doesNotContain("--depth");
    assertThat(tuned.unsaid())
        .containsExactly(
            "which MODEL it began with: IGC-L24M2, depth 8, 10 classes, trained on cifar10:DIR",
            "that it had fewer epochs at first, and learning rates that go with them",
            "augmentation NONE",
            "running averages that keep 0.99 of themselves from the first step on");
    TrainLine own = TrainLine.of(run(usual, "own:1234", PAPER));
    assertThat(own.unsaid()).containsExactly("the data, which a program had: own:1234");
    assertThat(own.words()).doesNotContain("--data");
  }
}
