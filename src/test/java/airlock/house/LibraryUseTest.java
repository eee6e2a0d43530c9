package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which packages may use which library; no package may use a library without a row.
class LibraryUseTest {
    private static final String ALL = "*";

    private static final List<Rule> RULES =
            List.of(
                    new Rule("org.slf4j", ALL),
                    new Rule("org.jspecify.annotations", ALL),
                    new Rule(
                            "org.jdbi.v3", "store queue results statuses secrets retention backup"),
                    new Rule("org.sqlite", "store"),
                    new Rule("org.flywaydb", "store"),
                    new Rule("java.sql", "store queue results statuses secrets retention backup"),
                    new Rule("javax.sql", "store"),
                    new Rule("tools.jackson", ALL),
                    new Rule("com.fasterxml.jackson.annotation", "plan source token"),
                    new Rule("org.snakeyaml.engine", "yaml"),
                    new Rule("io.javalin", "web"),
                    new Rule("jakarta.servlet", "web"),
                    new Rule("org.eclipse.jetty", "web token"),
                    new Rule("gg.jte", "web"),
                    new Rule("okhttp3", "forge statuses token"),
                    new Rule("okio", "forge statuses token"),
                    // their parameter types show in the callers' class files
                    new Rule("kotlin", "web forge statuses token"),
                    new Rule("org.eclipse.jgit", "source"),
                    new Rule("org.apache.sshd", "agent source secrets"),
                    new Rule("org.apache.commons.compress", "image source backup"),
                    new Rule("org.bouncycastle", "agent secrets"),
                    new Rule("io.prometheus", "metrics"),
                    new Rule("ch.qos.logback", "cli"),
                    new Rule("picocli", "cli"),
                    // how a token's process connects, and whom it trusts
                    new Rule("javax.net", "token"),
                    // who is at the other end of the control socket
                    new Rule("jdk.net", "control"),
                    // `deliver` and `hook test` send one request; OkHttp stays with those who retry
                    new Rule("java.net.http", "operator cli"));

    /// Parts of the JDK that need no row.
    private static final List<String> FREE =
            List.of(
                    "java.lang",
                    "java.util",
                    "java.io",
                    "java.nio",
                    "java.time",
                    "java.math",
                    "java.net",
                    "java.text",
                    "java.security",
                    "javax.crypto");

    /// @param library a package name with all below it
    /// @param packages our packages that may use it, or `*`
    private record Rule(String library, String packages) {
        boolean covers(String name) {
            return name.equals(library) || name.startsWith(library + ".");
        }

        boolean allows(String ours) {
            return packages.equals(ALL) || Arrays.asList(packages.split(" ")).contains(ours);
        }
    }

    @Test
    void eachLibraryIsTouchedOnlyWhereItsRowSays() {
        var strays = new TreeSet<String>();
        for (JavaClass type : House.mainClasses()) {
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                String library = use.getTargetClass().getBaseComponentType().getPackageName();
                if (!mayUse(House.packageOf(type), library)) {
                    strays.add(library + " <- " + use.getDescription());
                }
            }
        }
        assertThat(strays).as("libraries used outside their packages").isEmpty();
    }

    private static boolean mayUse(String ours, String library) {
        if (library.isEmpty() || library.equals("airlock") || library.startsWith("airlock.")) {
            return true; // a primitive type, or our own: that is PackageGraphTest's
        }
        for (Rule rule : RULES) {
            if (rule.covers(library)) {
                return rule.allows(ours);
            }
        }
        return FREE.stream()
                .anyMatch(free -> library.equals(free) || library.startsWith(free + "."));
    }

    @Test
    void theRowsAreRead() {
        assertThat(mayUse("source", "org.eclipse.jgit.lib")).isTrue();
        assertThat(mayUse("web", "org.eclipse.jgit.lib")).isFalse();
        assertThat(mayUse("cli", "java.net.http")).isTrue();
        assertThat(mayUse("forge", "java.net.http")).isFalse();
        assertThat(mayUse("vm", "sun.misc")).isFalse();
        assertThat(mayUse("vm", "javax.swing")).isFalse();
        assertThat(mayUse("vm", "com.example.unheard.of")).isFalse();
        assertThat(mayUse("vm", "java.util.concurrent")).isTrue();
    }

    @Test
    void everyPackageThatARowNamesIsInTheGraph() {
        var known = PackageGraph.read(House.read("docs/architecture.md")).edges().keySet();
        assertThat(RULES.stream().filter(rule -> !rule.packages().equals(ALL)))
                .allSatisfy(
                        rule -> assertThat(known).containsAll(List.of(rule.packages().split(" "))));
    }
}
