package airlock.ambient;

import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.vm.Drive;
import airlock.yaml.Reading;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ambient's projects files, by what is known of Ambient 0.21.
class ProjectsReaderTest {
    @TempDir Path directory;

    @BeforeEach
    void places() throws IOException {
        directory = directory.toRealPath();
        Files.createDirectories(directory.resolve("home/vm"));
        Files.createFile(directory.resolve("home/vm/debian.qcow2"));
        Files.createDirectory(directory.resolve("hello"));
        Files.createDirectory(directory.resolve("ci"));
    }

    private Reading<List<Project>> read(String text, boolean looks) {
        return new ProjectsReader(directory.resolve("home"), looks)
                .read(directory.resolve("ci/projects.yaml"), text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Project> projects(String text) {
        return ReadingFixture.value(read(text, true));
    }

    private List<String> problems(String text) {
        return ReadingFixture.problems(read(text, true)).stream()
                .map(p -> p.toString().replace(directory + "/", ""))
                .toList();
    }

    @Test
    void theReferencesExampleIsReadWithItsPathsMadeAbsolute() {
        var project =
                projects(
                                """
                                projects:
                                  hello:
                                    source: ../hello
                                    image: ~/vm/debian.qcow2
                                    plan:
                                      - action: shell
                                        shell: make check
                                """)
                        .getFirst();

        assertThat(project.name()).isEqualTo("hello");
        assertThat(project.source()).isEqualTo(directory.resolve("hello"));
        assertThat(project.image()).isEqualTo(directory.resolve("home/vm/debian.qcow2"));
        assertThat(project.plan().actionsOf(Phase.PLAN)).hasSize(1);
    }

    @Test
    void symbolicLinksAreResolved() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("hello"));

        assertThat(projects("projects: {a: {source: ../link, image: ~/vm/debian.qcow2}}\n"))
                .allSatisfy(p -> assertThat(p.source()).isEqualTo(directory.resolve("hello")));
    }

    @Test
    void theTextOfAPlanReadsAsTheSamePlanWithAliasesBlocksAndSizes() {
        String text =
                """
                projects:
                  b:
                    source: &here ../hello
                    image: &image ~/vm/debian.qcow2
                    cache_max_size: 0x10
                    artifact_max_size: 5000000
                    pre_plan: ~
                    plan: &steps
                      - action: shell
                        shell: |
                          printf '%s\\n' "äöü \\"quoted\\" \\\\ 🦀"

                      - action: setenv
                        set: {A: "a\\tb\\u0085\\U0001F980", "B": '', "c d": "-"}
                      - {action: cargo_clippy, deps: false}
                  a: {source: *here, image: *image, plan: *steps}
                """;
        var projects = projects(text.replace("\"c d\": \"-\"", "CD: \"-\""));

        assertThat(projects).extracting(Project::name).containsExactly("a", "b");
        assertThat(projects)
                .allSatisfy(
                        project ->
                                assertThat(
                                                new PlanReader()
                                                        .read(PlanFile.AMBIENT, project.planText()))
                                        .isEqualTo(
                                                new PlanReading.Read(project.plan(), List.of())));
        assertThat(projects.getLast().plan().sizeOf(Drive.CACHE)).contains(16L);
        assertThat(projects.getLast().plan().sizeOf(Drive.ARTIFACTS)).contains(5_000_000L);
    }

    private static final String WRONG =
            """
            projects:
              a:
                source: ../nowhere
                image: ~/vm/none.qcow2
                plan:
                  - action: shel
                    shell: true
              b:
                plan: []
              c:
                source: ../ci/../home/vm/debian.qcow2
                image: 7
                cache_max_size: 1G
                post_plan:
                  - action: shell
                    shell: x
            """;

    @Test
    void allThatIsWrongIsToldAtOnceWithLineAndColumn() {
        String[] starts = {
            "3:13: projects.a.source: there is no directory",
            "4:12: projects.a.image: there is no file",
            "6:17: projects.a.plan[0].action: unknown action 'shel'",
            "8:3: projects.b: key 'image' is missing",
            "8:3: projects.b: key 'source' is missing",
            "12:12: projects.c.image: found a whole number",
            "13:21: projects.c.cache_max_size: found a text ('1G')",
            "15:17: projects.c.post_plan[0].action: action 'shell' does not belong"
        };

        var problems = problems(WRONG);

        assertThat(problems).hasSize(starts.length);
        for (int i = 0; i < starts.length; i++) {
            assertThat(problems.get(i)).startsWith("ci/projects.yaml:" + starts[i]);
        }
    }

    @Test
    void eachIsShownWithItsLineAndACaret() {
        var invalid = (Reading.Invalid<List<Project>>) read(WRONG, true);
        assertThat(invalid.report())
                .contains("(did you mean 'shell'?)\n")
                .contains(
                        """
                          6 |       - action: shel
                            |                 ^
                        """);
    }

    @Test
    void aSourceThatIsAFileAndAFileWithoutProjectsAreRefused() {
        assertThat(
                        only(
                                problems(
                                        "projects: {c: {source: ~/vm/debian.qcow2, image: ~/vm/debian.qcow2}}")))
                .endsWith("is not a directory");
        assertThat(only(problems(""))).contains("'projects' is missing");
        assertThat(only(problems("projects:\n"))).contains("found nothing");
        assertThat(only(problems("projects: {a: }"))).contains("found nothing");
        assertThat(only(problems("projects: {a: {source: \"x\\0y\", image: ~/vm/debian.qcow2}}")))
                .contains("no path");
    }

    @Test
    void whatAmbientIgnoresIsAWarningAndNotToldAgainByThePlan() {
        var reading =
                read(
                        """
                        version: 1
                        projects:
                          a:
                            source: ../hello
                            image: ~/vm/debian.qcow2
                            plann: []
                            plan:
                              - {action: shell, shell: make, retries: 3}
                        """,
                        true);

        var read = (Reading.Read<List<Project>>) reading;
        assertThat(read.warnings().stream().map(p -> p.at() + " " + p.path()))
                .containsExactly(
                        "1:1 version", "6:5 projects.a.plann", "8:38 projects.a.plan[0].retries");
        assertThat(read.warnings().get(1).nearest()).isEqualTo("plan");
        assertThat(new PlanReader().read(PlanFile.AMBIENT, read.value().getFirst().planText()))
                .isInstanceOfSatisfying(
                        PlanReading.Read.class, plan -> assertThat(plan.warnings()).isEmpty());
    }

    @Test
    void anImageNeedNotBeThereWhereAnotherIsBooted() {
        assertThat(read("projects: {a: {source: ../hello, image: /none.qcow2}}", false))
                .isInstanceOf(Reading.Read.class);
    }

    @Test
    void aPlanThatAliasesMakeTooLargeIsNamed() {
        String big = "x".repeat(100_000);
        String text =
                """
                projects:
                  a:
                    source: ../hello
                    image: ~/vm/debian.qcow2
                    plan:
                      - &a {action: shell, shell: %s}
                %s
                """
                        .formatted(big, "      - *a\n".repeat(11));

        assertThat(only(problems(text))).contains("projects.a: as a plan of its own: ");
    }

    @Test
    void aFileThatIsNotThereIsToldSo() {
        assertThat(
                        ReadingFixture.problems(
                                        new ProjectsReader(directory, true)
                                                .read(directory.resolve("none")))
                                .getFirst()
                                .what())
                .isEqualTo("no such file");
    }

    @Test
    void twoDisksOfOneNameGetTwoNames() {
        var names =
                new ProjectNames(
                        ReadingFixture.value(
                                read(
                                        """
                                        projects:
                                          a: {source: ../hello, image: /a/Debian_13.qcow2}
                                          b: {source: ../hello, image: /b/debian-13.raw}
                                          c: {source: ../hello, image: /a/Debian_13.qcow2}
                                          d: {source: ../hello, image: /.qcow2}
                                        """,
                                        false)));

        assertThat(names.images())
                .containsOnly(
                        java.util.Map.entry(Path.of("/a/Debian_13.qcow2"), "debian-13"),
                        java.util.Map.entry(Path.of("/b/debian-13.raw"), "debian-13-2"),
                        java.util.Map.entry(Path.of("/.qcow2"), "image"));
        assertThat(ProjectNames.command(Path.of("/a b/it's"), "x", ""))
                .isEqualTo("airlock image import '/a b/it'\\''s' --name x");
    }
}
