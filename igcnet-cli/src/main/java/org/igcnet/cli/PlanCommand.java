package org.igcnet.cli;

import java.util.List;
import org.igcnet.theory.BlockWidth;
import org.igcnet.theory.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code igcnet plan}: partition numbers that spend a budget of parameters on one block. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "List the partition numbers L and M of one 3×3 block near a budget of parameters.",
      "The widest is marked; no block of as many parameters is wider than the bound (equation 15)."
    },
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} plan --params 4672"})
final class PlanCommand implements Runnable {
  @Option(
      names = "--params",
      paramLabel = "N",
      required = true,
      description = "Parameters of one block: L·M²·S + M·L² (equation 7), S = 9.")
  private long budget;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Plan plan = UsageMistake.unless(() -> Plan.of(budget));
    if (json.wanted()) {
      console.json(PlanDocument.of(plan));
      return;
    }
    Table table =
        new Table(
            Table.Column.number("L"),
            Table.Column.number("M"),
            Table.Column.number("width"),
            Table.Column.number("bound"),
            Table.Column.number("#params"),
            Table.Column.number("off budget"),
            Table.Column.text(""));
    for (BlockWidth choice : plan.choices()) {
      table.row(
          String.valueOf(choice.primaryPartitions()),
          String.valueOf(choice.secondaryPartitions()),
          "%,d".formatted(choice.width()),
          "%.1f".formatted(choice.widthBound()),
          "%,d".formatted(choice.parameters()),
          "%+.1f%%".formatted(100 * plan.deviation(choice)),
          choice.equals(plan.widest()) ? "← widest" : "");
    }
    console.out().printf("Blocks of about %,d parameters%n%n", plan.budget());
    console.out().println(table);
    console.out().println();
    console
        .out()
        .printf(
            "For exactly %,d: bound %.1f, reached where L = 9·M; a regular convolution's width %.1f.%n",
            plan.budget(), plan.widthBound(), plan.regularWidth());
  }

  /** What {@code --json} prints. */
  private record PlanDocument(
      long budget, double widthBound, double regularWidth, List<Choice> choices) {
    static PlanDocument of(Plan plan) {
      return new PlanDocument(
          plan.budget(),
          plan.widthBound(),
          plan.regularWidth(),
          plan.choices().stream()
              .map(choice -> Choice.of(choice, choice.equals(plan.widest())))
              .toList());
    }
  }

  private record Choice(
      int primaryPartitions,
      int secondaryPartitions,
      long width,
      double widthBound,
      long parameters,
      boolean widest) {
    static Choice of(BlockWidth block, boolean widest) {
      return new Choice(
          block.primaryPartitions(),
          block.secondaryPartitions(),
          block.width(),
          block.widthBound(),
          block.parameters(),
          widest);
    }
  }
}
