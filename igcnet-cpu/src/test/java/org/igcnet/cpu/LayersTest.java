package org.igcnet.cpu;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What of the engine knows what, as `docs/architecture.md` tells it. */
class LayersTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.igcnet.cpu");

  @Test
  void onlyKernelsUseTheVectorApi() {
    noClasses()
        .that(resideOutsideOfPackage("org.igcnet.cpu.kernel"))
        .should()
        .dependOnClassesThat(resideInAPackage("jdk.incubator.vector.."))
        .check(MAIN);
  }

  /** Whoever trains and predicts knows the engine, which knows none of them. */
  @Test
  void theEngineKnowsNetworksAndWhatBackendsOffer() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.igcnet..")
                .and(
                    resideOutsideOfPackages(
                        "org.igcnet",
                        "org.igcnet.arch",
                        "org.igcnet.loss",
                        "org.igcnet.backend",
                        "org.igcnet.cpu..")))
        .check(MAIN);
  }

  @Test
  void nothingPrintsOrLogs() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
  }
}
