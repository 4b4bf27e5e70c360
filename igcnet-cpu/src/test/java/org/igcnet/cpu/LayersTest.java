package org.igcnet.cpu;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.stream.Stream;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import org.junit.jupiter.api.Test;

/** What of the engine knows what, as {@code docs/architecture.md} tells it. */
class LayersTest {
  private static final String ROOT = "org.igcnet.cpu";

  /** More parameters than these are a type that wants to exist. */
  private static final int PARAMETERS = 7;

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Training and prediction do not know each other. */
  @Test
  void roomsKnowOnlyThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("kernel")
        .definedBy(ROOT + ".kernel")
        .layer("plan")
        .definedBy(ROOT + ".plan")
        .layer("memory")
        .definedBy(ROOT + ".memory")
        .layer("train")
        .definedBy(ROOT + ".train")
        .layer("predict")
        .definedBy(ROOT + ".predict")
        .layer("plain")
        .definedBy(ROOT + ".plain")
        .layer("service")
        .definedBy(ROOT)
        .whereLayer("kernel")
        .mayNotAccessAnyLayer()
        .whereLayer("plan")
        .mayOnlyAccessLayers("kernel")
        .whereLayer("memory")
        .mayOnlyAccessLayers("plan", "kernel")
        .whereLayer("train")
        .mayOnlyAccessLayers("memory", "plan", "kernel")
        .whereLayer("predict")
        .mayOnlyAccessLayers("memory", "plan", "kernel")
        .whereLayer("plain")
        .mayOnlyAccessLayers("memory", "train")
        .ensureAllClassesAreContainedInArchitecture()
        .check(MAIN);
  }

  /** Nested classes count as the one that they stand in. */
  @Test
  void noClassesKnowEachOtherInACircle() {
    slices().assignedFrom(new FileOfClass()).should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void onlyKernelsUseTheVectorApi() {
    noClasses()
        .that(resideOutsideOfPackage(ROOT + ".kernel"))
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
                        ROOT + "..")))
        .check(MAIN);
  }

  /** But for tiles, which a program writes. */
  @Test
  void parameterListsAreShort() {
    codeUnits()
        .that(areWrittenByHand())
        .and()
        .areDeclaredInClassesThat(DescribedPredicate.not(simpleNameEndingWith("Tiles")))
        .should(haveAtMost(PARAMETERS))
        .check(MAIN);
  }

  /** The compiler may leave a method where it is, and then makes objects of its vectors. */
  @Test
  void noVectorGoesIntoAMethodOrOutOfIt() {
    codeUnits().should(haveNoVectors()).check(MAIN);
  }

  @Test
  void nothingPrintsOrLogs() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
  }

  /** The compiler makes a method of each lambda, with a parameter for all that it takes along. */
  private static DescribedPredicate<JavaCodeUnit> areWrittenByHand() {
    return DescribedPredicate.describe(
        "are written by hand", unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC));
  }

  private static ArchCondition<JavaCodeUnit> haveAtMost(int parameters) {
    return new ArchCondition<>("have at most %d parameters", parameters) {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        int count = unit.getRawParameterTypes().size();
        events.add(
            new SimpleConditionEvent(
                unit, count <= parameters, unit.getFullName() + " has " + count));
      }
    };
  }

  private static ArchCondition<JavaCodeUnit> haveNoVectors() {
    return new ArchCondition<>("have no vectors as parameters or results") {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        boolean none =
            Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                .noneMatch(
                    type ->
                        type.isAssignableTo(Vector.class) || type.isAssignableTo(VectorMask.class));
        events.add(new SimpleConditionEvent(unit, none, unit.getFullName() + " has vectors"));
      }
    };
  }

  private static final class FileOfClass implements SliceAssignment {
    @Override
    public String getDescription() {
      return "classes with all that is nested in them";
    }

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(outermost(type).getName());
    }

    private static JavaClass outermost(JavaClass type) {
      return type.getEnclosingClass().map(FileOfClass::outermost).orElse(type);
    }
  }
}
