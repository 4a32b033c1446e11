package io.kotangent.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.kotangent.type.KotangentException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The rooms of the house and who may enter which.
class ArchitectureTest {
  /// Each package may use those that stand before it, never one that stands after it.
  private static final List<String> ORDER =
      List.of("alone", "type", "runtime", "data", "train", "ir", "text",
          "formula", "eval", "autodiff", "vmap", "rewrite", "pass", "loop",
          "plan", "plan.nest", "plan.form", "plan.op", "plan.group", "plan.rows", "plan.sum",
          "plan.lower",
          "bytecode.emit", "bytecode.source", "bytecode.load", "bytecode.warm", "bytecode", "aot",
          "explain", "assertions", "dsl", "examples");

  /// Types of a fluent language return each other: a vector's sum is a scalar, a scalar's spread a vector.
  private static final Set<String> FLUENT = Set.of("dsl", "examples");
  private static final int LARGEST_CIRCLE = 4;
  /// A row of `ScalarFn` names its formulas, a formula is a `Term`, and a term may apply a row.
  private static final Set<String> ROWS = Set.of("ErfFormulas", "ExpFormulas", "F64Formulas",
      "LogFormulas", "Notation", "Prims", "ScalarFn", "ScalarRow", "Term", "TermParser",
      "TrigFormulas", "WideFormulas", "ZeroFormulas");

  private static final List<String> RUNTIME = List.of("alone", "type", "runtime", "data", "train");

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
    return "io.kotangent." + name;
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    var unplaced = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      if (ORDER.stream().noneMatch(name -> room(name).equals(type.getPackageName()))) {
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

  /// Files that know each other, directly or through others, are read together.
  @TestFactory
  List<DynamicTest> noCircleOfFilesIsLarge() {
    return ORDER.stream().filter(name -> !FLUENT.contains(name))
        .map(name -> DynamicTest.dynamicTest(name,
            () -> assertEquals(List.of(), circles(room(name)).stream()
                .filter(circle -> circle.size() > LARGEST_CIRCLE && !isOfRows(circle)).toList())))
        .toList();
  }

  private static boolean isOfRows(Set<String> circle) {
    return circle.stream().allMatch(file -> file.startsWith(room("ir") + ".")
        && ROWS.contains(file.substring(room("ir").length() + 1)));
  }

  private static Set<Set<String>> circles(String room) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      if (type.getPackageName().equals(room)) {
        Set<String> used = uses.computeIfAbsent(file(type), _ -> new TreeSet<>());
        type.getDirectDependenciesFromSelf().stream().map(Dependency::getTargetClass)
            .map(JavaClass::getBaseComponentType)
            .filter(target -> target.getPackageName().equals(room))
            .forEach(target -> used.add(file(target)));
      }
    }
    Map<String, Set<String>> reached = new TreeMap<>();
    uses.keySet().forEach(file -> reached.put(file, reached(file, uses)));
    Set<Set<String>> circles = new LinkedHashSet<>();
    reached.forEach((file, others) -> {
      Set<String> circle = new TreeSet<>(others);
      circle.removeIf(other -> !reached.get(other).contains(file));
      circles.add(circle);
    });
    return circles;
  }

  private static Set<String> reached(String file, Map<String, Set<String>> uses) {
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(uses.get(file));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (reached.add(next)) {
        open.addAll(uses.get(next));
      }
    }
    return reached;
  }

  private static String file(JavaClass type) {
    return type.getName().replaceAll("\\$.*", "");
  }

  @Test
  void theRuntimeNeedsOnlyTheJdkAndItsTwoSmallLibraries() {
    String[] rooms = RUNTIME.stream().map(ArchitectureTest::room).toArray(String[]::new);
    DescribedPredicate<JavaClass> allowed = resideInAnyPackage(rooms)
        .or(resideInAnyPackage("java..", "jdk.jfr", "de.siegmar.fastcsv..",
            "me.tongfei.progressbar..",
            "org.jspecify.annotations"))
        .or(DescribedPredicate.describe("a primitive",
            type -> type.getBaseComponentType().isPrimitive()));
    classes().that().resideInAnyPackage(rooms).should().onlyDependOnClassesThat(allowed)
        .check(CLASSES);
  }

  @Test
  void onlyEmittersKnowAsm() {
    noClasses().that().resideOutsideOfPackages(room("bytecode.emit"), room("aot"))
        .should().dependOnClassesThat().resideInAPackage("org.objectweb.asm..")
        .check(CLASSES);
  }

  /// But the programs that they have, which speak to whoever started them.
  @Test
  void librariesDoNotPrint() {
    noClasses().that().resideInAnyPackage(LIBRARIES)
        .and().doNotHaveSimpleName("BuildNetworks")
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
