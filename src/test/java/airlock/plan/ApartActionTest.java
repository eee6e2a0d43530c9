package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.DestinationsFixture;
import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Where the network and secrets are, actions run nothing that the commit decides about.
class ApartActionTest {
    /// Each action that there is as a plan file has it.
    private static final Map<String, String> ALL =
            Map.ofEntries(
                    Map.entry("shell", "{action: shell, shell: make}"),
                    Map.entry("mkdir", "{action: mkdir, pathname: x}"),
                    Map.entry("setenv", "{action: setenv, set: {A: b}}"),
                    Map.entry("pwd", "{action: pwd}"),
                    Map.entry(
                            "http_get",
                            "{action: http_get, items: [{url: 'http://a.example/', filename: a}]}"),
                    Map.entry("deb_get", "{action: deb_get, packages: [hello], cert: x}"),
                    Map.entry("dns", "{action: dns, domain: a.example}"),
                    Map.entry("rsync", "{action: rsync}"),
                    Map.entry("rsync2", "{action: rsync2}"),
                    Map.entry("dput", "{action: dput}"),
                    Map.entry("dput2", "{action: dput2}"));

    /// Those that by their nature run a program of the commit's, or none at all, or nothing that
    /// has a use for a network.
    private static final List<String> OTHERS = List.of("shell", "mkdir", "setenv", "pwd");

    static final List<String> APART =
            ALL.keySet().stream().filter(name -> !OTHERS.contains(name)).sorted().toList();

    private static Action read(String name) {
        String text = "pre_plan: [" + ALL.get(name) + "]";
        var reading =
                new PlanReader().read(PlanFile.AIRLOCK, text.getBytes(StandardCharsets.UTF_8));
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
        assertThat(read(name)).isInstanceOf(ApartAction.class);
        assertThat(Actions.find(name).orElseThrow().runsCommit()).isFalse();
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
                            assertThat(execute.argv().toString() + execute.stdin())
                                    .doesNotContain("/ci/src");
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
        for (String name : List.of("rsync", "rsync2", "dput", "dput2", "deb_get")) {
            var step = read(name).lower(StepContext.FIRST).getFirst();

            assertThat(((GuestStep.Execute) step.what()).argv().getLast())
                    .containsAnyOf(
                            "`repositories[].targets.rsync`",
                            "`repositories[].targets.dput`",
                            "`mirrors.debian`");
        }
    }
}
