package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.sandbox.Confinement.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An attacker who breaks out of a guest controls QEMU's process. A program in QEMU's place, in the
/// same box, makes the attacker's attempts; it lacks QEMU's own system call filter, so it can do
/// more.
@Tag("vm")
class EscapedQemuTest {
    /// The layers that hosts have, each a column of the table.
    private enum Host {
        ROOT_V1("root, cgroup v1", EnumSet.allOf(Layer.class)),
        ROOT_V2("root, cgroup v2", EnumSet.allOf(Layer.class)),
        USER_V2(
                "a user, namespaces and delegated cgroup v2",
                EnumSet.complementOf(EnumSet.of(Layer.OWN_USER))),
        USER_NAMESPACES(
                "a user, namespaces",
                EnumSet.of(Layer.NAMESPACES, Layer.SYSTEM_CALLS, Layer.LIMITS)),
        USER_NOTHING("a user with neither", EnumSet.of(Layer.SYSTEM_CALLS, Layer.LIMITS));

        private final String title;

        @SuppressWarnings("ImmutableEnumChecker") // never changed
        private final Set<Layer> layers;

        Host(String title, Set<Layer> layers) {
            this.title = title;
            this.layers = layers;
        }
    }

    private static EscapeScene scene;
    private static QemuSandbox cage;

    @BeforeAll
    static void set(@TempDir Path directory) throws IOException, InterruptedException {
        cage = QemuSandbox.detect();
        scene = new EscapeScene(directory, cage);
    }

    @AfterAll
    static void clear() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheTableSaysOfThisHostsWallsIsSo(EscapeAttempt attempt, TestReporter reporter)
            throws Exception {
        if (attempt == EscapeAttempt.CONNECT_OUTSIDE && !scene.outsideHindrance().isEmpty()) {
            skip("no network namespace can stand for another host: " + scene.outsideHindrance());
        }
        String without = scene.without(attempt);
        if (!QemuSandbox.isRoot() && !without.equals("yes")) {
            skip(attempt + " does not succeed without the box either: " + without);
        }
        assertThat(without).as("without the box").isEqualTo("yes");

        String inside = scene.inside(attempt);
        reporter.publishEntry(attempt.words(), inside);

        var held = cage.confinement().held();
        if (attempt.isStoppedBy(held)) {
            assertThat(inside).as("in a box of %s", held).startsWith("no: ");
        } else {
            assertThat(inside).as("in a box of %s", held).isEqualTo("yes");
        }
    }

    @Test
    void theTableInTheDocumentsHasEveryAttemptAndWhatBecomesOfIt() throws IOException {
        var expected =
                Arrays.stream(EscapeAttempt.values())
                        .map(
                                attempt ->
                                        row(
                                                attempt.words(),
                                                Arrays.stream(Host.values())
                                                        .map(h -> cell(attempt, h.layers))
                                                        .toList()))
                        .toList();
        var page = Files.readAllLines(Path.of("docs/security.md"));
        var head = row("attempt", Arrays.stream(Host.values()).map(h -> h.title).toList());
        assertThat(page).contains(head);
        var rows =
                page.stream()
                        .skip(page.indexOf(head) + 2L)
                        .takeWhile(line -> line.startsWith("|"))
                        .toList();

        assertThat(String.join("\n", rows)).isEqualTo(String.join("\n", expected));
    }

    private static String row(String first, List<String> others) {
        return "| " + first + " | " + String.join(" | ", others) + " |";
    }

    private static String cell(EscapeAttempt attempt, Set<Layer> layers) {
        return attempt.isStoppedBy(layers) ? "no" : "yes";
    }

    private static void skip(String why) {
        System.err.println("EscapedQemuTest: " + why);
        Assumptions.abort(why);
    }
}
