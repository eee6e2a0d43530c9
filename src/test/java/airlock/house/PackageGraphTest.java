package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the code against the package block of docs/architecture.md.
class PackageGraphTest {
    private final PackageGraph graph = PackageGraph.read(House.read("docs/architecture.md"));

    @Test
    void theBlockIsInOrderAndSoHasNoCycle() {
        assertThat(graph.edges()).hasSizeGreaterThan(15);
        assertThat(graph.faults()).isEmpty();
    }

    @Test
    void eachPackageUsesOnlyThoseAtTheEndOfItsArrow() {
        var strays = new TreeSet<String>();
        for (JavaClass type : House.mainClasses()) {
            String from = House.packageOf(type);
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                var target = use.getTargetClass().getBaseComponentType();
                if (isOurs(target) && !graph.allows(from, House.packageOf(target))) {
                    strays.add(
                            from + " -> " + House.packageOf(target) + ": " + use.getDescription());
                }
            }
        }
        assertThat(strays).as("edges that docs/architecture.md does not list").isEmpty();
    }

    @Test
    void importsAreHeldAgainstItTooSinceConstantsLeaveNoTraceInClassFiles() {
        var imported = Pattern.compile("(?m)^import (?:static )?(airlock\\.[\\w.]+)");
        var strays = new TreeSet<String>();
        for (var file : House.filesEndingWith(".java")) {
            if (file.startsWith("src/main/java")) {
                String from =
                        House.packageOf(
                                file.subpath(3, file.getNameCount()).toString().replace('/', '.'));
                imported.matcher(House.read(file))
                        .results()
                        .map(found -> House.packageOf(found.group(1)))
                        .filter(to -> !graph.allows(file.getNameCount() == 5 ? "" : from, to))
                        .forEach(to -> strays.add(file + " -> " + to));
            }
        }
        assertThat(strays).isEmpty();
    }

    @Test
    void noPackageIsMissingFromTheBlockOrNestedDeeper() {
        var unknown = new TreeSet<String>();
        for (JavaClass type : House.mainClasses()) {
            String name = type.getPackageName();
            if (!isKnown(type) || name.chars().filter(c -> c == '.').count() > 2) {
                unknown.add(name);
            }
        }
        assertThat(unknown).isEmpty();
    }

    private boolean isKnown(JavaClass type) {
        return type.getPackageName().equals("airlock")
                || graph.edges().containsKey(House.packageOf(type));
    }

    @Test
    void theRootPackageHoldsMainAlone() {
        assertThat(House.mainClasses().stream().filter(t -> t.getPackageName().equals("airlock")))
                .extracting(JavaClass::getSimpleName)
                .containsOnly("Main", "package-info");
    }

    @Test
    void enoughClassesWereSeenForTheRulesToMeanSomething() {
        assertThat(House.mainClasses().size()).isGreaterThan(40);
    }

    @Test
    void anEdgeAgainstTheOrderIsAFault() {
        var backwards =
                PackageGraph.read("```packages\na -> b\nb ->\nc -> everything but a\n```\n");
        assertThat(backwards.faults()).containsExactly("a -> b: points against the order");
        assertThat(backwards.allows("c", "b")).isTrue();
        assertThat(backwards.allows("c", "a")).isFalse();
        assertThat(backwards.allows("b", "a")).isFalse();
    }

    @Test
    void anEdgeToNowhereAndALineOfAnotherFormAreFaults() {
        assertThat(PackageGraph.read("```packages\na -> z\n```\n").faults()).hasSize(1);
        for (String bad : List.of("a > b", "a -> \na -> ")) {
            assertThatThrownBy(() -> PackageGraph.read("```packages\n" + bad + "\n```\n"))
                    .isInstanceOf(AssertionError.class);
        }
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals("airlock")
                || type.getPackageName().startsWith("airlock.");
    }
}
