package org.igcnet;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.igcnet.arch.Block;
import org.igcnet.arch.LinearMap;
import org.junit.jupiter.api.Test;

/** The order of the packages, as `docs/architecture.md` tells it. */
class LayersTest {
  private static final String ROOT = "org.igcnet";

  /** A package may use those before it. */
  private static final List<String> ORDER =
      List.of("arch", "theory", "loss", "backend", "files", "data", "model", "train");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.igcnet");

  @Test
  void everyPackageHasItsPlace() {
    assertThat(MAIN)
        .extracting(type -> type.getPackageName())
        .allMatch(name -> name.equals(ROOT) || ORDER.contains(name.substring(ROOT.length() + 1)));
  }

  @Test
  void dependenciesPointUpwardOnly() {
    for (int i = 0; i < ORDER.size(); i++) {
      for (String later : ORDER.subList(i + 1, ORDER.size())) {
        noClasses()
            .that()
            .resideInAPackage("org.igcnet." + ORDER.get(i))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.igcnet." + later)
            .allowEmptyShould(true)
            .check(MAIN);
      }
    }
  }

  @Test
  void theRootPackageKnowsNoOther() {
    noClasses()
        .that()
        .resideInAPackage("org.igcnet")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.igcnet.*..")
        .check(MAIN);
  }

  /** What reads a network reads its graph. */
  @Test
  void onlyArchKnowsWhatKindsOfBlocksAndStepsThereAre() {
    noClasses()
        .that(resideOutsideOfPackage("org.igcnet.arch"))
        .should()
        .dependOnClassesThat(
            assignableTo(Block.class)
                .and(not(type(Block.class)))
                .or(assignableTo(LinearMap.Step.class).and(not(type(LinearMap.Factor.class)))))
        .check(MAIN);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("org.igcnet.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void nothingPrintsOrLogs() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
  }
}
