package org.igcnet.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Commands write through {@link Console}, so that tests can read what they write. */
class ConsoleRulesTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.igcnet");

  @Test
  void onlyTheConsoleKnowsTheStandardStreams() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Console.class.getName())
        .should(ACCESS_STANDARD_STREAMS)
        .check(PRODUCT);
  }

  @Test
  void onlyTheMainMethodEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Igcnet.class.getName())
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(PRODUCT);
  }
}
