package org.igcnet.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.igcnet.cli.Console;
import org.junit.jupiter.api.Test;

/**
 * The command writes through {@link Console}, as all others do. A {@link Worker} is a process of
 * its own, whose standard output is what it tells its parent.
 */
class ConsoleRulesTest {
  private static final JavaClasses BENCH =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.igcnet.bench");

  @Test
  void onlyWorkersKnowTheStandardStreams() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Worker.class.getName())
        .should(ACCESS_STANDARD_STREAMS)
        .check(BENCH);
  }

  @Test
  void onlyWorkersEndTheirProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Worker.class.getName())
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(BENCH);
  }
}
