package io.kotangent.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The rooms of the house and who may enter which.
class ArchitectureTest {
  /// Each package may use those that stand before it, never one that stands after it.
  private static final List<String> ORDER =
      List.of("type", "runtime", "data", "train", "ir", "text",
          "eval", "autodiff", "rewrite", "pass", "loop", "plan", "bytecode", "assertions", "dsl",
          "examples");

  private static final List<String> RUNTIME = List.of("type", "runtime", "data", "train");

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ArchitectureTest::isMain)
      .importPackages("io.kotangent");

  private static final String[] LIBRARIES = ORDER.stream()
      .filter(name -> !name.equals("examples"))
      .map(ArchitectureTest::room)
      .toArray(String[]::new);

  private static boolean isMain(Location location) {
    return !location.contains("/test-classes/")
        && !location.contains("/test/")
        && !location.contains("-tests.jar");
  }

  private static String room(String name) {
    return "io.kotangent." + name + "..";
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    var unplaced = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      String rest = type.getPackageName().substring("io.kotangent".length());
      String name = rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
      if (!ORDER.contains(name)) {
        unplaced.add(type.getPackageName());
      }
    }
    assertEquals(new TreeSet<String>(), unplaced);
  }

  @TestFactory
  List<DynamicTest> aPackageKnowsOnlyThoseBeforeIt() {
    return ORDER.stream().map(name -> DynamicTest.dynamicTest(name, () -> {
      String[] later = ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size()).stream()
          .map(ArchitectureTest::room)
          .toArray(String[]::new);
      noClasses().that().resideInAPackage(room(name))
          .should().dependOnClassesThat().resideInAnyPackage(later)
          .allowEmptyShould(true)
          .check(CLASSES);
    })).toList();
  }

  @Test
  void theRuntimeNeedsOnlyTheJdkAndItsTwoSmallLibraries() {
    String[] rooms = RUNTIME.stream().map(ArchitectureTest::room).toArray(String[]::new);
    DescribedPredicate<JavaClass> allowed = resideInAnyPackage(rooms)
        .or(resideInAnyPackage("java..", "de.siegmar.fastcsv..", "me.tongfei.progressbar..",
            "org.jspecify.annotations"))
        .or(DescribedPredicate.describe("a primitive",
            type -> type.getBaseComponentType().isPrimitive()));
    classes().that().resideInAnyPackage(rooms).should().onlyDependOnClassesThat(allowed)
        .check(CLASSES);
  }

  @Test
  void onlyTheEmitterKnowsAsm() {
    noClasses().that().resideOutsideOfPackage(room("bytecode"))
        .should().dependOnClassesThat().resideInAPackage("org.objectweb.asm..")
        .check(CLASSES);
  }

  @Test
  void librariesDoNotPrint() {
    noClasses().that().resideInAnyPackage(LIBRARIES)
        .should().accessField(System.class, "out")
        .orShould().accessField(System.class, "err")
        .orShould().callMethod(Throwable.class, "printStackTrace")
        .orShould().dependOnClassesThat(
            resideInAPackage("java.lang").and(DescribedPredicate.describe("IO",
                type -> type.getSimpleName().equals("IO"))))
        .orShould().dependOnClassesThat().haveFullyQualifiedName("kotlin.io.ConsoleKt")
        .check(CLASSES);
  }

  @Test
  void usersMeetOneKindOfException() {
    classes().that().resideInAnyPackage(LIBRARIES).and().areAssignableTo(Exception.class)
        .and().arePublic()
        .should().beAssignableTo(KotangentException.class)
        .check(CLASSES);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses().should().haveNameMatching(".*(Utils?|Impl|Manager|Helpers?)(\\$.*)?")
        .check(CLASSES);
  }

  @Test
  void everyPackageOfJavaIsNullMarked() {
    var unmarked = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      JavaPackage home = type.getPackage();
      boolean kotlin = type.isAnnotatedWith("kotlin.Metadata");
      if (!kotlin && !home.isAnnotatedWith(NullMarked.class)
          && !type.getSimpleName().equals("module-info")) {
        unmarked.add(home.getName());
      }
    }
    assertEquals(new TreeSet<String>(), unmarked);
  }
}
