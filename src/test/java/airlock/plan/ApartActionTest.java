package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.config.DestinationsFixture;
import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Where the network and secrets are, actions run nothing that the commit decides about.
class ApartActionTest {
    /// Each action that there is as a plan file has it.
    private static final Map<String, String> ALL =
            """
            {action: shell, shell: make}
            {action: mkdir, pathname: x}
            {action: setenv, set: {A: b}}
            {action: pwd}
            {action: dummy}
            {action: create_file, filename: x, content: y, overwrite: true}
            {action: symlink, target: x, link_name: y}
            {action: tar_create, archive: x, directory: y}
            {action: tar_extract, archive: x, directory: y}
            {action: custom, name: x}
            {action: git_config}
            {action: cargo_fmt}
            {action: cargo_clippy}
            {action: cargo_deny}
            {action: cargo_doc}
            {action: cargo_build}
            {action: cargo_test}
            {action: cargo_install}
            {action: deb_install}
            {action: deb}
            {action: deb2}
            {action: http_get, items: [{url: 'http://a.example/', filename: a}]}
            {action: deb_get, packages: [hello], cert: x}
            {action: apt_upgrade_download, suite: trixie, cert: x}
            {action: cargo_fetch}
            {action: rustup, components: [clippy]}
            {action: npm_get}
            {action: pip_download, allow_sdist: true}
            {action: go_mod_download}
            {action: gradle_fetch}
            {action: maven_fetch, artifacts: ['a:b:1']}
            {action: git_fetch, url: 'https://a.example/b', directory: b, commit: '0123456789012345678901234567890123456789'}
            {action: apt_get, packages: [hello]}
            {action: npm_ci}
            {action: pip_install, venv: v}
            {action: dns, domain: a.example}
            {action: rsync}
            {action: rsync2}
            {action: dput}
            {action: dput2}
            """
                    .lines()
                    .collect(
                            Collectors.toMap(
                                    line -> line.replaceAll("\\{action: (\\w+).*", "$1"),
                                    Function.identity()));

    /// Those that by their nature run a program of the commit's, or none at all, or nothing that
    /// has a use for a network.
    private static final List<String> OTHERS =
            List.of(
                    ("shell mkdir setenv pwd dummy create_file symlink tar_create "
                                    + "tar_extract custom git_config cargo_fmt cargo_clippy cargo_deny "
                                    + "cargo_doc cargo_build cargo_test cargo_install deb_install apt_get "
                                    + "npm_ci pip_install deb deb2")
                            .split(" "));

    /// Of those, the ones that run or put in place nothing of the commit's.
    private static final List<String> HARMLESS = List.of("mkdir", "pwd", "dummy", "create_file");

    /// Those that get a few files of the commit's, which they copy before a program sees them.
    private static final List<String> COPYING =
            List.of(
                    "cargo_fetch",
                    "npm_get",
                    "pip_download",
                    "go_mod_download",
                    "maven_fetch",
                    "gradle_fetch");

    static final List<String> APART =
            ALL.keySet().stream().filter(name -> !OTHERS.contains(name)).sorted().toList();

    private static Action read(String name) {
        String text = "pre_plan: [" + ALL.get(name) + "]";
        var reading = PlanFixture.read(PlanFile.AIRLOCK, text);
        assertThat(reading).isInstanceOf(PlanReading.Read.class);
        return ((PlanReading.Read) reading).plan().actionsOf(Phase.PRE_PLAN).getFirst();
    }

    @Test
    void everyActionIsKnownHere() {
        assertThat(Actions.ALL.stream().map(ActionKind::name))
                .containsExactlyInAnyOrderElementsOf(ALL.keySet());
    }

    @ParameterizedTest
    @FieldSource("APART")
    void aNewActionIsApartUnlessItStandsAmongTheOthers(String name) {
        assertThat(read(name).ignoresEnvironment()).isTrue();
        assertThat(Actions.find(name).orElseThrow().runsCommit())
                .isEqualTo(name.equals("maven_fetch"));
    }

    @Test
    void buildProgramsThatTheCommitChoosesAreAsGoodAsItsOwn() {
        assertThat(read("pip_download").runsCommit()).isTrue();
        assertThat(read("maven_fetch").runsCommit()).isTrue();
        assertThat(
                        PlanFixture.plan(PlanFile.AMBIENT, "pre_plan: [{action: pip_download}]")
                                .runsCommit(Phase.PRE_PLAN))
                .isFalse();
    }

    @ParameterizedTest
    @FieldSource("OTHERS")
    void theOthersMayRunTheCommitUnlessTheyAreHarmless(String name) {
        assertThat(Actions.find(name).orElseThrow().runsCommit())
                .isNotEqualTo(HARMLESS.contains(name));
    }

    @ParameterizedTest
    @FieldSource("APART")
    void nothingOfTheCommitsOrOfEarlierActionsReachesIt(String name) {
        var hostile =
                StepContext.FIRST
                        .given(DestinationsFixture.ALL)
                        .with(
                                Map.of(
                                        "PATH", "/ci/src/bin",
                                        "LD_PRELOAD", "/ci/src/evil.so",
                                        "BASH_ENV", "/ci/src/.bashrc",
                                        "HOME", "/ci/src",
                                        "CURL_HOME", "/ci/src",
                                        "APT_CONFIG", "/ci/src/apt.conf"));

        List<Step> steps = read(name).lower(hostile);

        assertThat(steps)
                .isNotEmpty()
                .allSatisfy(
                        step -> {
                            var execute = (GuestStep.Execute) step.what();
                            assertThat(execute.directory()).isEqualTo("/");
                            assertThat(execute.environment()).isEqualTo(Script.ENVIRONMENT);
                            assertThat(execute.argv())
                                    .startsWith("/bin/bash", "--noprofile", "--norc", "-c");
                            assertThat(execute.argv())
                                    .filteredOn(argument -> argument.contains("/ci/src"))
                                    .isEqualTo(
                                            COPYING.contains(name)
                                                    ? List.of("/ci/src")
                                                    : List.of());
                            assertThat(execute.stdin()).doesNotContain("/ci/src");
                        });
    }

    @ParameterizedTest
    @FieldSource("APART")
    void itIsToldOfTheProxy(String name) {
        var steps = read(name).lower(StepContext.WITH_PROXY.given(DestinationsFixture.ALL));

        assertThat(((GuestStep.Execute) steps.getFirst().what()).environment())
                .containsEntry("https_proxy", "http://127.0.0.1:3128")
                .containsAllEntriesOf(Script.ENVIRONMENT);
    }

    @Test
    void whereAServerIsNotGivenTheStepSaysWhatToSet() {
        var keys =
                Map.ofEntries(
                        Map.entry("rsync", "repositories[].targets.rsync"),
                        Map.entry("rsync2", "repositories[].targets.rsync"),
                        Map.entry("dput", "repositories[].targets.dput"),
                        Map.entry("dput2", "repositories[].targets.dput"),
                        Map.entry("deb_get", "mirrors.debian"),
                        Map.entry("apt_upgrade_download", "mirrors.debian"),
                        Map.entry("cargo_fetch", "mirrors.cargo"),
                        Map.entry("rustup", "mirrors.rustup"),
                        Map.entry("npm_get", "mirrors.npm"),
                        Map.entry("pip_download", "mirrors.pip"),
                        Map.entry("go_mod_download", "mirrors.go"),
                        Map.entry("maven_fetch", "mirrors.maven"),
                        Map.entry("gradle_fetch", "mirrors.gradle"));
        for (String name : APART) {
            var action = read(name);
            var step = action.lower(StepContext.FIRST).getFirst();
            String last = ((GuestStep.Execute) step.what()).argv().getLast();
            String key = keys.get(name);

            assertThat(action.lacks(DestinationsFixture.ALL)).as(name).isEmpty();
            assertThat(action.lacks(Destinations.NONE).isPresent()).isEqualTo(key != null);
            if (key != null) {
                assertThat(last).contains("needs `" + key + "` in the configuration");
            }
        }
    }

    @Test
    void whereItConnectsToIsKnownBeforeItRuns() {
        assertThat(read("npm_get").places(DestinationsFixture.ALL))
                .containsExactly("mirror.example:80");
        assertThat(read("apt_upgrade_download").places(DestinationsFixture.ALL))
                .containsExactly("mirror.example:80");
        assertThat(read("git_fetch").places(Destinations.NONE)).containsExactly("a.example:443");
        assertThat(read("npm_get").places(Destinations.NONE)).isEmpty();
    }
}
