package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AllowList;
import airlock.config.AllowedHost;
import airlock.config.NetworkCaps;
import airlock.config.NetworkConfig;
import airlock.config.PhaseNetwork;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.phases.PhaseOrder.PlanNetwork;
import airlock.yaml.Binder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanNetworkTest {
    private static final String FETCHING =
            "pre_plan: [{action: http_get, items: [{url: 'http://a.example/', filename: a}]},"
                    + " {action: pwd}, {action: mkdir, pathname: x}]\n";
    private static final String SHELL = "pre_plan: [{action: shell, shell: make deps}]\n";
    private static final String SETENV =
            "pre_plan: [{action: setenv, set: {LD_PRELOAD: /ci/src/x.so}}, {action: pwd}]\n";

    private static final String ENV =
            "{env: {LD_PRELOAD: /ci/src/x.so}, pre_plan: [{action: pwd}]}\n";

    private static PhaseNetwork list(String... entries) {
        return new PhaseNetwork(
                PhaseNetwork.Mode.ENFORCE,
                new AllowList(Stream.of(entries).map(AllowedHost::of).toList()),
                NetworkCaps.STANDARD,
                List.of());
    }

    private static PlanNetwork network(
            String plan, Phase phase, TrustClass trust, boolean outsideCode) {
        var config =
                new NetworkConfig(
                        list("a.example:80", "b.example:443"),
                        list("upload.example:22"),
                        list("a.example:80"),
                        outsideCode);
        var order = order(plan, phase, trust, config);
        assertThat(order.network()).isEqualTo(PlanNetwork.of(order).network());
        return PlanNetwork.of(order);
    }

    private static PhaseOrder order(
            String plan, Phase phase, TrustClass trust, NetworkConfig config) {
        return Binder.changed(
                TestOrders.order(phase, plan, Map.of("network", config)), Map.of("trust", trust));
    }

    @Test
    void whereNothingIsListedAPhaseHasAWayThatRefusesAllButFromOutsideNone() {
        for (var trust : TrustClass.values()) {
            boolean isOutside = trust == TrustClass.OUTSIDE;
            var prePlan = order(FETCHING, Phase.PRE_PLAN, trust, NetworkConfig.NOTHING);
            assertThat(PhaseUplink.isServed(prePlan)).as("%s", trust).isEqualTo(!isOutside);
            assertThat(PlanNetwork.of(prePlan).notes())
                    .isEqualTo(
                            isOutside
                                    ? List.of(
                                            "no network: nothing is listed in"
                                                    + " repositories[].network.outside")
                                    : List.of());
            var plan = order(FETCHING, Phase.PLAN, trust, NetworkConfig.NOTHING);
            assertThat(PhaseUplink.isServed(plan)).isFalse();
            assertThat(PlanNetwork.of(plan).notes()).isEmpty();
        }
    }

    private static List<String> places(PlanNetwork network) {
        return network.network().named();
    }

    @Test
    void codeFromOutsideHasNoNetworkUnlessTheOperatorSaysSo() {
        for (String plan : List.of(SHELL, SETENV, ENV)) {
            var refused = network(plan, Phase.PRE_PLAN, TrustClass.OUTSIDE, false);

            assertThat(refused.network().isNothing()).isTrue();
            assertThat(refused.notes())
                    .singleElement()
                    .asString()
                    .contains("pre_plan may run code from outside", "`outside_code: true`");
            assertThat(places(network(plan, Phase.PRE_PLAN, TrustClass.OUTSIDE, true)))
                    .containsExactly("a.example:80");
            assertThat(places(network(plan, Phase.PRE_PLAN, TrustClass.INSIDE, false))).hasSize(2);
        }
    }

    @Test
    void fetchActionsHaveTheirNetworkInOutsideRunsToo() {
        var network = network(FETCHING, Phase.PRE_PLAN, TrustClass.OUTSIDE, false);

        assertThat(places(network)).containsExactly("a.example:80");
        assertThat(network.notes()).isEmpty();
    }

    @Test
    void variablesTakeItFromNoneThatTheyDoNotReach() {
        String reached = FETCHING.replace("{action: pwd},", "");
        String plan = "env: {CARGO_TERM_COLOR: always}\n" + reached;

        assertThat(places(network(plan, Phase.PRE_PLAN, TrustClass.OUTSIDE, false)))
                .containsExactly("a.example:80");
    }

    @Test
    void aPlanWantsLessAndIsToldOfWhatItDoesNotGet() {
        String wants = "network: {pre_plan: [b.example:443, c.example:443], post_plan: []}\n";
        var network = network(wants + FETCHING, Phase.PRE_PLAN, TrustClass.LISTED, false);

        assertThat(places(network)).containsExactly("b.example:443");
        assertThat(network.notes())
                .containsExactly(
                        "warning: the plan's network wants c.example:443, which the list here does"
                                + " not let");
        assertThat(network(wants, Phase.POST_PLAN, TrustClass.LISTED, false).network().isNothing())
                .isTrue();
        assertThat(network("", Phase.POST_PLAN, TrustClass.LISTED, false).network().isNothing())
                .isFalse();
        assertThat(places(network(wants + FETCHING, Phase.PRE_PLAN, TrustClass.OUTSIDE, false)))
                .isEmpty();
    }

    @Test
    void thePlansOwnPhaseHasNothing() {
        for (TrustClass trust : TrustClass.values()) {
            assertThat(network(SHELL, Phase.PLAN, trust, true).network().isNothing()).isTrue();
        }
    }
}
