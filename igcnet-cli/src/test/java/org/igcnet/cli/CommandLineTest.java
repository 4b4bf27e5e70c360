package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CommandLineTest {
  @Test
  void summaryListsLayersAndTotals() {
    assertThat(run("summary", "IGC-L24M2", "--depth", "8", "--classes", "10").succeeded().out())
        .startsWith("IGC-L24M2, depth 8, 10 classes, input 3×32×32\n")
        .contains(
            "stage2.0.primary    3×3, stride 2          24    48 → 96  96×16×16       1,728        442,368\n")
        .containsPattern("total +47,002 +9,881,472\n")
        .containsPattern("stage2.0 +3×3 +48 → 96 +yes +1\n")
        .endsWith(
            "Table 3 of the paper: parameters ×10⁶ 0.047, ours 0.047; multiply-adds ×10⁸ 0.099, ours 0.099\n");
  }

  @Test
  void summarySetsTable6BesideOurs() {
    String[] network = {"summary", "IGC-L4M32+Ident", "--body", "imagenet", "--classes", "1000"};
    assertThat(run(network).succeeded().out())
        .startsWith("IGC-L4M32+Ident, depth 18, 1000 classes, input 3×224×224\n")
        .contains(
            "parameters ×10⁶ 11.205, ours 12.232; multiply-adds ×10⁹ 1.9, ours 1.9\nOf the paper's");
    JsonNode summary =
        run("summary", "ResNet-C64", "--body", "imagenet", "--classes", "1000", "--json").json();
    assertThat(summary.get("multiplyAdds").asLong()).isEqualTo(1_814_073_344L);
    assertThat(summary.get("paper").get("table").asInt()).isEqualTo(6);
    assertThat(summary.get("paper").get("parameters").get("paper").asString()).isEqualTo("11.151");
    assertThat(summary.get("paper").get("multiplyAdds").get("equal").asBoolean()).isTrue();
    assertThat(summary.get("paper").get("note").asString()).contains("11.167");
  }

  @Test
  void summaryOfAnyImageSize() {
    JsonNode summary =
        run("summary", "ResNet-C4", "--body", "imagenet", "--size", "64", "--json").json();
    assertThat(summary.get("input").toString()).isEqualTo("[3,64,64]");
    assertThat(summary.get("paper").isNull()).isTrue();
  }

  @Test
  void summarySaysHowTheCompositeKernelConnects() {
    JsonNode dense = run("summary", "IGC-L6x4M2-spatial", "--json").json().get("compositeKernels");
    assertThat(dense.get(0).get("dense").asBoolean()).isTrue();
    assertThat(dense.get(0).get("mostPaths").asInt()).isEqualTo(1);
    assertThat(dense.get(0).get("kernel").toString()).isEqualTo("[7,7]");
    assertThat(run("summary", "IGC-L24M2-unpermuted").succeeded().out())
        .containsPattern("stage1.0 +3×3 +48 → 48 +no +0 to 2\n");
  }

  @Test
  void tables6And7() {
    JsonNode rows = run("tables", "6", "--json").json().get("rows");
    assertThat(rows).hasSize(5);
    assertThat(rows.get(4).get("parameters").get("equal").asBoolean()).isTrue();
    assertThat(run("tables", "6").succeeded().out())
        .contains("5 of 10 entries equal the printed digits.")
        .contains("✗: Of the paper's parameters only");
    assertThat(run("tables", "7", "--json").json().get("rows")).hasSize(3);
    assertThat(run("tables", "7").succeeded().out()).contains("IGC-L450M2", "3 of 3 entries");
  }

  @Test
  void summaryAsJson() {
    JsonNode summary = run("summary", "IGC-L24M2", "--depth", "20", "--json").json();
    assertThat(summary.get("network").asString()).isEqualTo("IGC-L24M2");
    assertThat(summary.get("depth").asInt()).isEqualTo(20);
    assertThat(summary.get("classes").asInt()).isEqualTo(10);
    assertThat(summary.get("parameters").asLong()).isEqualTo(sum(summary, "parameters"));
    assertThat(summary.get("multiplyAdds").asLong()).isEqualTo(sum(summary, "multiplyAdds"));
    JsonNode first = summary.get("layers").get(1);
    assertThat(first.get("name").asString()).isEqualTo("stage1.0.primary");
    assertThat(first.get("partitions").asInt()).isEqualTo(24);
    assertThat(first.get("parameters").asLong()).isEqualTo(9 * 24 * 2 * 2);
    assertThat(first.get("output").toString()).isEqualTo("[48,32,32]");
  }

  @Test
  void summarySaysWhatMemoryIsNeeded() {
    String network = "IGC-L24M2";
    assertThat(run("summary", network, "--depth", "20", "--precision", "float32").succeeded().out())
        .containsPattern("training at batch 64 needs 2[0-9]{2} MB \\(feature maps 14[0-9] MB, ");
    assertThat(run("summary", network, "--depth", "20", "--threads", "2").succeeded().out())
        .containsPattern(
            "Memory, 2 threads: training at batch 64 needs 1[34][0-9] MB \\(feature maps 7[0-9] MB, .*\\); predicting needs 2[0-9] MB \\(.*feature maps of an image, for each thread [34] MB.*\\), for any number of images\\.");
    JsonNode rounded = memory("bf16");
    assertThat(rounded.get("training").asLong()).isBetween(900_000_000L, 1_100_000_000L);
    JsonNode memory = memory("float32");
    assertThat(memory.get("batch").asInt()).isEqualTo(128);
    assertThat(memory.get("training").asLong()).isBetween(1_600_000_000L, 2_000_000_000L);
    assertThat(memory.get("trainingParts").get(0).get("what").asString()).isEqualTo("feature maps");
    assertThat(memory.get("predicting").asLong()).isBetween(20_000_000L, 50_000_000L);
    assertThat(memory.get("predictingParts").valueStream())
        .extracting(part -> part.get("what").asString())
        .contains("weights", "weights as kernels want them");
    assertThat(run("summary", "RegConv-W960", "--depth", "98").succeeded().out())
        .as("weights that no array holds")
        .contains("training at batch 64 needs 1")
        .contains(
            "predicting needs 42.3 GB (weights as kernels want them 20.5 GB, weights 20.5 GB)");
    assertThat(run("summary", "--batch", "0").err())
        .isEqualTo(
            "igcnet: --batch is 0; it must be from 1 to 65,536\nTry 'igcnet summary --help'.\n");
  }

  private static long sum(JsonNode summary, String key) {
    return summary.get("layers").valueStream().mapToLong(layer -> layer.get(key).asLong()).sum();
  }

  @Test
  void flatBodyKeepsTheSize() {
    JsonNode layers =
        run("summary", "IGC-L64M1", "--body", "flat", "--classes", "100", "--json")
            .json()
            .get("layers");
    assertThat(layers.valueStream().filter(l -> l.get("kind").asString().equals("primary")))
        .hasSize(6)
        .allMatch(layer -> layer.get("output").toString().equals("[64,32,32]"));
  }

  @Test
  void table1SetsOursBesideThePapers() {
    JsonNode rows = run("tables", "1", "--json").json().get("rows");
    assertThat(rows).hasSize(20);
    JsonNode row = rows.get(6);
    assertThat(row.get("primaryPartitions").asInt()).isEqualTo(28);
    assertThat(row.get("secondaryPartitions").asInt()).isEqualTo(3);
    assertThat(row.get("parameters").get("ours").asInt()).isEqualTo(4620);
    assertThat(row.get("parameters").get("paper").asInt()).isEqualTo(4620);
    assertThat(row.get("width").get("equal").asBoolean()).isTrue();
    assertThat(run("tables", "1").succeeded().out())
        .contains("39 of 40 entries equal the printed digits.")
        .contains("L·M is 62");
  }

  @Test
  void table3EqualsThePrintedDigits() {
    JsonNode rows = run("tables", "3", "--json").json().get("rows");
    assertThat(rows).hasSize(20);
    assertThat(rows)
        .allMatch(row -> row.get("parameters").get("equal").asBoolean())
        .allMatch(row -> row.get("multiplyAdds").get("equal").asBoolean());
    assertThat(run("tables", "3").succeeded().out())
        .contains("40 of 40 entries equal the printed digits.")
        .doesNotContain("✗");
  }

  @Test
  void planMarksTheWidestAndTheBound() {
    assertThat(run("plan", "--params", "4672").succeeded().out())
        .containsPattern("28 +3 +84 +84\\.0 +4,620 +-1\\.1% +← widest\n")
        .contains("bound 84.6");
    JsonNode plan = run("plan", "--params", "4672", "--json").json();
    assertThat(plan.get("widthBound").asDouble()).isBetween(84.6, 84.7);
    assertThat(plan.get("choices"))
        .filteredOn(choice -> choice.get("widest").asBoolean())
        .singleElement()
        .satisfies(choice -> assertThat(choice.get("width").asInt()).isEqualTo(84));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          summary IGC-L24M2 --depth 9       | depth 9           | 8 or 11
          summary IGC-L0M2                  | L, the number of  | is 0
          summary IGC-L24M2 --classes -1    | classes is -1     | possible is 1
          summary VGG-16                    | "VGG-16"          | IGC-LlMm
          summary IGC-L24M2 --body thin     | "thin"            | stages, flat
          summary IGC-L24M2-rleu            | "-rleu"           | swapped, spatial
          summary --size 0                  | --size is 0       | from 1
          summary --body imagenet --size 31 | not of 31×31      | 32×32 or larger
          train IGC-L24 --out no/such       | "IGC-L24"         | IGC-LlMm
          train --data cifar11:x            | cifar11:x         | cifar10:DIR
          train --data cifar10:no/such/dir  | no/such/dir       | cifar-10-batches-bin
          train --epochs 0                  | epochs is 0       | from 1
          train --batch 0                   | batch size is 0   | from 1
          train --bn-images 65              | is 65             | from 1 to 64
          train --lr -0.1                   | is -0.1           | above 0
          train --threads 0                 | --threads is 0    | from 1
          train --engine torhc              | "torhc"           | igc
          train --device cuda               | "cuda"            | only cpu
          train --resume no/such/run        | no/such/run       | run.json
          eval no/such/model                | no/such/model     | model.json
          predict no/such/model cat.png     | no/such/model     | model.json
          train --from no/such/model        | no/such/model     | model.json
          tables 2                          | not 2             | 1, 3, 6 and 7
          plan --params 9                   | 9                 | 10
          reproduce table9 --data shapes    | "table9"          | table4
          reproduce table4 --data shapes    | shapes            | cifar10, cifar100
          reproduce table4 --data shapes --budget 2x   | "2x" | 1h30m
          report no/such/run                | no/such/run       | does not exist
          fetch cifar                       | --to              | fetch
          fetch imagenet --to no/such       | 'imagenet'        | cifar10
          """)
  void mistakesAreNamedInOneSentence(String command, String what, String right) {
    Finished finished = run(command.split(" "));
    assertThat(finished.out()).isEmpty();
    assertThat(finished.code()).isIn(1, 2);
    assertThat(finished.err()).startsWith("igcnet: ").contains(what).contains(right);
    assertThat(finished.err().lines()).hasSize(finished.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sumary                              | Did you mean: igcnet summary?
          summary --dept 8                    | Possible solutions: --depth
          sumary                              | there is no command "sumary"
          summary --dept 8                    | summary does not take "--dept"
          summary --depth eight               | --depth takes a whole number, not "eight"
          train --epochs 1.5                  | --epochs takes a whole number, not "1.5"
          train --epochs 9999999999           | --epochs takes a whole number from -2,147,483,648 to 2,147,483,647, not "9999999999"
          train --seed x                      | --seed takes a whole number, not "x"
          train --lr fast                     | --lr takes a number, not "fast"
          train --bn-momentum 0,9             | --bn-momentum takes a number, not "0,9"
          train --json=perhaps                | --json takes no value, not "perhaps"
          train --epochs 3 --epochs 4         | --epochs is given twice; once would be right
          train IGC-L24M2 8                   | train does not take "8"
          reproduce table4 --depths 8,x       | --depths takes a whole number, not "x"
          plan --params many                  | --params takes a whole number, not "many"
          train --out=                        | --out takes a path, not ""
          tables one                          | TABLE takes a whole number, not "one"
          predict runs/a a.png --top all      | --top takes a whole number, not "all"
          tables                              | TABLE
          predict runs/a                      | PICTURE
          plan                                | plan needs --params N; igcnet plan --params 4672 would be right
          train --out                         | --out needs a value: --out DIR would be right
          predict                             | predict needs MODEL or --pretrained NAME, and PICTURE; igcnet predict runs/a cat.png dog.jpg --top 3 would
          predict --pretrained igc-l24m2-d8-cifar10 | predict needs PICTURE
          predict --pretrained no-such cat.png | there is no trained network "no-such"; there are igc-l24m2-d8-cifar10
          models no-such                      | there is no trained network "no-such"; there are igc-l24m2-d8-cifar10
          eval                                | eval needs MODEL or --pretrained NAME; igcnet eval runs/a would be right
          serve                               | serve needs MODEL or --pretrained NAME; igcnet serve runs/a would be right
          export --onnx x                     | export needs MODEL or --pretrained NAME
          eval runs/a --pretrained x          | runs/a and --pretrained are two models; one of them would be right
          train --from runs/a --pretrained x  | --from and --pretrained are two models; one of them would be right
          train --depth 8 --pretrained x      | --depth cannot be given with --pretrained: the network is the model's
          train --resume runs/a --pretrained x | --pretrained cannot be given with --resume
          plan --params -1                    | -1 parameters; the nearest possible is 10
          train IGC-L1M1-swaped               | "-swaped"
          train --epochs -1                   | epochs is -1
          train --batch 0                     | batch size is 0
          train --lr 0                        | is 0
          train --rate-steps x                | x
          train --depth 9                     | 8 or 11
          train --threads -1                  | --threads is -1
          train --data cifar11:x              | unknown data 'cifar11:x'
          train --size 0 --data folder:x      | images of 0 rows
          train --held-out 2 --data folder:x  | 2
          train --engine torhc                | "torhc"
          summary --size -5                   | --size is -5
          summary VGG-16                      | "VGG-16"
          eval runs/a --threads 0             | --threads is 0
          predict runs/a a.png --top 0        | --top is 0
          predict runs/a a.png --csv x --json | --csv and --json are two forms of the same answers; one of them
          predict runs/a photos --csv a/1.PNG | --csv a/1.PNG would write a table into a picture; a name such as pictures.csv
          train --schedule 1/4 --warm-up 0.6  | would rise in 0.6 of the training, and be divided after 1/4 of it
          tables 2                            | not 2
          fetch cifar --to x                  | unknown data set 'cifar'
          reproduce table4 --data x           | unknown data 'x'
          reproduce table4 --data shapes --seeds 0 | seeds is 0
          reproduce table4                    | --data
          train --data cifar10:no/such --epochs 0         | epochs is 0
          train --data cifar10:no/such --batch 0          | batch size is 0
          train --data cifar10:no/such --bn-images 65     | is 65
          train --data cifar10:no/such --bn-momentum 1    | is 1.0
          train --data cifar10:no/such --rate-steps 9,100 | does not say when the learning rate changes
          train --data cifar10:no/such --lr 0             | the learning rate is 0.0
          train --data cifar10:no/such --depth 9          | 8 or 11
          train --data cifar10:no/such --depth 9 --body imagenet | 6 or 10
          reproduce table4 --data cifar10:no/such --epochs 0     | epochs is 0
          reproduce table4 --data cifar10:no/such --bn-images 0  | is 0
          reproduce table4 --data shapes --precision f16         | --precision takes float32 or bf16, not "f16"
          reproduce table4 --data cifar10:no/such --depths 9     | has no depth 9
          reproduce table4 --data cifar10:no --data cifar10:no   | cifar10 is given twice
          reproduce table4 --data shapes      | its data are cifar10, cifar100
          train --resume runs/a --data x      | unknown data 'x'
          reproduce tabel4 --data shapes      | there is no experiment "tabel4"; there are figure3, table4
          report runs/a --data foo:bar        | unknown data 'foo:bar'
          report runs/a --watch --threads 0   | --threads is 0
          train --resume runs/a --epochs 0    | --epochs is 0; it must be from 1 to 1,000,000
          train --resume runs/a --lr 0.2      | --lr cannot be given with --resume
          train --freeze 1                    | --freeze leaves layers as they are, so it goes with --from MODEL
          train --freeze last --from runs/a   | --freeze takes stem, or the number of a stage such as 2, not "last"
          train IGC-L1M1 --from runs/a        | NETWORK cannot be given with --from: the network is the model's
          train --depth 8 --from runs/a       | --depth cannot be given with --from
          train --schedule cosin              | there is no schedule "cosin"; cosine is one
          train --warm-up 1                   | rises is 1.0
          train --average 1                   | keeps of itself is 1.0
          train --mirror sometimes            | --mirror takes random, alternating or never, not "sometimes"
          train --mixup 2                     | α of mixup is 2.0
          train --cutmix -1                   | α of CutMix is -1.0
          train --cutout -1                   | the side of cutout is -1 pixels
          train --erase 1.5                   | the probability of random erasing is 1.5
          train --label-smoothing 1           | label smoothing is 1.0
          train --clip -1                     | the limit of the gradients' norm is -1.0
          train --bn-lr 0                     | 0.0 times that of the weights
          train --momentum 1                  | the momentum is 1.0
          train --weight-decay -1             | the weight decay is -1.0
          train --precision f16               | --precision takes float32 or bf16, not "f16"
          train --patience -1                 | the patience, in epochs, is -1
          eval runs/a --views two             | --views takes one, mirror or crops, not "two"
          train --resume runs/a --engine igc  | --engine cannot be given with --resume
          train IGC-L1M1 --resume runs/a      | NETWORK cannot be given with --resume
          """)
  void wrongUsageExitsWith2AndSaysWhatIsMeant(String command, String expected) {
    Finished finished = run(command.split(" "));
    assertThat(finished.code()).isEqualTo(2);
    assertThat(finished.out()).isEmpty();
    assertThat(finished.err()).startsWith("igcnet: ").contains(expected).contains("--help'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "eval",
        "predict",
        "models",
        "summary",
        "tables",
        "plan",
        "fetch",
        "reproduce",
        "report"
      })
  void everyCommandHasHelpWithAnExampleAndJson(String command) {
    assertThat(run(command, "--help").succeeded().out())
        .contains("Usage: igcnet " + command)
        .containsPattern("Examples?:\n  igcnet " + command)
        .contains("--json");
  }

  @Test
  void theOverviewSaysOfEachCommandASentence() {
    assertThat(run("--help").succeeded().out())
        .contains(
            """
              eval       Measure a trained network on labelled images.
            """,
            """
              models     List the trained networks that come with the program, or show the card of one: how it
                           was trained, how well it does, and the checksums of its files.
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train --out", "reproduce table4 --out"})
  void aFolderThatCannotBeMadeIsSaidBeforeDataAreRead(String command, @TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    String line = "%s %s --data cifar10:no/such".formatted(command, file.resolve("run"));
    assertThat(run(line.split(" ")).refusal())
        .isEqualTo(
            "igcnet: %s cannot be a folder: %s is none".formatted(file.resolve("run"), file));
  }

  @Test
  void aFolderThatIsInUseIsSaidBeforeDataAreRead(@TempDir Path folder) throws IOException {
    String[] train = {"train", "--data", "cifar10:no/such", "--out", folder.toString()};
    Path file = Files.writeString(folder.resolve("notes.txt"), "of another");
    assertThat(run(train).refusal())
        .isEqualTo("igcnet: %s is not empty; a run needs a new or empty folder".formatted(folder));
    Files.move(file, folder.resolve("run.json"));
    assertThat(run(train).refusal())
        .isEqualTo(
            "igcnet: %s already holds a run; choose a new folder, or go on with that run: igcnet train --resume %1$s continues that run"
                .formatted(folder));
    Files.move(folder.resolve("run.json"), folder.resolve("results.json"));
    assertThat(
            run("reproduce", "table4", "--data", "cifar10:no", "--out", folder.toString())
                .refusal())
        .contains("results.json");
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    Finished finished = run();
    assertThat(finished.code()).isEqualTo(2);
    assertThat(finished.out()).isEmpty();
    assertThat(finished.err()).contains("Usage: igcnet").contains("predict");
  }

  @Test
  void stackTraceOnRequestOnly() {
    assertThat(run("tables", "2", "--stacktrace").err()).contains("\tat org.igcnet.cli");
    assertThat(run("tables", "2").err()).doesNotContain("\tat ");
  }

  /** What a deep network takes. */
  private static JsonNode memory(String precision) {
    return run(
            "summary",
            "IGC-L24M2",
            "--depth",
            "98",
            "--batch",
            "128",
            "--precision",
            precision,
            "--json")
        .json()
        .get("memory");
  }

  private static Finished run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(out, err, () -> 0);
    int code = Igcnet.run(console, List.of(), arguments);
    return new Finished(code, out.toString(), err.toString());
  }
}
