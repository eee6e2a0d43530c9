package airlock.plan;

import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.config.DestinationsFixture;
import airlock.config.PlanRules;
import airlock.event.Phase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Things that a plan needs from the operator.
class PlanPolicyTest {
    @Nested
    class WhatTheOperatorHasToGive {
        private static final String AMBIENTS =
                """
                pre_plan:
                - action: http_get
                  items: [{url: "https://a.example/x", filename: x}]
                - action: deb_get
                  packages: [hello]
                - action: dns
                  domain: a.example
                post_plan:
                - action: rsync
                - action: rsync2
                - action: dput
                - action: dput2
                """;

        private static PlanReading given(Destinations given, PlanFile file, String text) {
            return new PlanReader(given).read(file, text.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void ambientsFileRunsUnchangedWhereItHasAll() {
            var reading = given(DestinationsFixture.ALL, PlanFile.AMBIENT, AMBIENTS);

            assertThat(reading).isInstanceOf(PlanReading.Read.class);
            assertThat(((PlanReading.Read) reading).warnings()).isEmpty();
            assertThat(((PlanReading.Read) reading).plan().actionsOf(Phase.POST_PLAN))
                    .extracting(Action::name)
                    .containsExactly("rsync", "rsync2", "dput", "dput2");
        }

        @Test
        void anActionWithoutItsServerMakesThePlanInvalidAndNamesTheKey() {
            var invalid =
                    (PlanReading.Invalid) given(Destinations.NONE, PlanFile.AMBIENT, AMBIENTS);

            assertThat(invalid.problems()).hasSize(5);
            assertThat(invalid.summary())
                    .startsWith(
                            ".radicle/ambient.yaml:4:11: pre_plan[1].action: action 'deb_get' needs"
                                    + " `mirrors.debian` in the configuration");
            assertThat(invalid.problems().get(1).toString())
                    .contains("action 'rsync' needs `repositories[].targets.rsync` in");
            assertThat(invalid.problems().get(3).toString())
                    .contains("action 'dput' needs `repositories[].targets.dput` in");
        }

        @Test
        void whatIsNoFileToFetchIsTold() {
            String text =
                    """
                    pre_plan:
                    - action: http_get
                      items:
                      - {url: "ftp://a.example/x", filename: a/b}
                      - {url: "https://u:secret@a.example/x", filename: ".."}
                      - {url: "https:///x", filename: "", sha256: abc, max_size: -1}
                      - {url: x, filename: x, size: 3}
                    - action: http_get
                      items: []
                    - action: http_get
                      items: [{url: "http://a/", filename: x}, {url: "http://b/", filename: x}]
                    - action: deb_get
                      packages: ["-o", A, "a b"]
                      suite: ../x
                    - action: dns
                      domain: "a;b"
                    """;

            assertThat(PlanFixture.problems(PlanFile.AIRLOCK, text))
                    .hasSize(17)
                    .noneMatch(problem -> problem.contains("secret"))
                    .anyMatch(p -> p.contains("items[0].url: 'ftp://a.example/x' does not fit"))
                    .anyMatch(p -> p.contains("items[0].filename: 'a/b' does not fit"))
                    .anyMatch(p -> p.contains("items[3].size: unknown key"))
                    .anyMatch(p -> p.contains("items: two files are called 'x'"));
        }
    }

    @Nested
    class WhatItMayRunBesideTheNetwork {
        private static List<String> forbidden(PlanFile file, String text) {
            var word =
                    PlanPolicy.of(
                            DestinationsFixture.ALL, "debian-13", new PlanRules(Set.of(), false));
            return switch (new PlanReader(word).read(file, text.getBytes(StandardCharsets.UTF_8))) {
                case PlanReading.Read _ -> List.of();
                case PlanReading.Invalid invalid ->
                        invalid.problems().stream().map(Object::toString).toList();
                case PlanReading.Absent _ -> throw new AssertionError("absent");
            };
        }

        @Test
        void theOperatorMayForbidTheCommitsCodeThere() {
            for (String phase : List.of("pre_plan", "post_plan")) {
                for (String action :
                        List.of(
                                "{action: shell, shell: x}",
                                "{action: shell, shell: x, with: python3, if: always}",
                                "{action: custom, name: x}",
                                "{action: setenv, set: {LD_PRELOAD: /ci/src/x.so}}",
                                "{action: symlink, target: x, link_name: y}",
                                "{action: cargo_build}")) {
                    assertThat(only(forbidden(PlanFile.AIRLOCK, phase + ": [" + action + "]")))
                            .contains(phase + "[0].action", "`trusted_code: false`");
                }
                assertThat(
                                only(
                                        forbidden(
                                                PlanFile.AIRLOCK,
                                                "{env: {A: b}, " + phase + ": [{action: pwd}]}")))
                        .contains(phase + ": with `env` it may run");
            }
        }

        @Test
        void whatRunsNothingOfTheCommitsIsLetAndSoIsAllInThePlan() {
            String text =
                    """
                    env: {CARGO_TERM_COLOR: always}
                    pre_plan: [{action: mkdir, pathname: x}, {action: deb_get, packages: [jq]}]
                    plan: [{action: shell, shell: make}, {action: custom, name: x}]
                    post_plan: [{action: create_file, filename: x, content: y, overwrite: true}, {action: rsync}]
                    """;
            assertThat(forbidden(PlanFile.AIRLOCK, text)).isEmpty();
            assertThat(forbidden(PlanFile.AMBIENT, "pre_plan: [{action: pwd}]\n")).isEmpty();
        }
    }

    @Nested
    class WhatItWantsToConnectTo {
        @Test
        void airlocksFileMayWantLess() {
            Plan plan =
                    PlanFixture.plan(
                            PlanFile.AIRLOCK,
                            "network: {pre_plan: [a.example:443, \"*.b.example\"], post_plan: []}");

            var wanted = plan.settings().network();
            assertThat(wanted.prePlan().orElseThrow())
                    .extracting(Object::toString)
                    .containsExactly("a.example:443", "*.b.example:443");
            assertThat(wanted.postPlan()).contains(List.of());
            var none = PlanFixture.plan(PlanFile.AIRLOCK, "").settings().network();
            assertThat(none.prePlan()).isEmpty();
            assertThat(none.postPlan()).isEmpty();
        }

        @Test
        void neitherAddressesNorAModeNorTheNetworkOfPlanAreItsToSay() {
            String text =
                    """
                    network:
                      pre_plan: ["a.example:443 = 10.0.0.1", a.example]
                      plan: [a.example:443]
                      mode: open
                    """;

            assertThat(PlanFixture.problems(PlanFile.AIRLOCK, text))
                    .hasSize(4)
                    .anyMatch(p -> p.contains("has an address, which only the operator can say"));
            assertThat(PlanFixture.problems(PlanFile.AMBIENT, "network: {}\n")).hasSize(1);
        }
    }
}
