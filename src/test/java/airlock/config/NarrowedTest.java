package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.PhaseNetwork.Mode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A plan's list leaves what stands in both.
class NarrowedTest {
    private static List<AllowedHost> hosts(String... entries) {
        return Stream.of(entries).map(AllowedHost::of).toList();
    }

    private static PhaseNetwork network(Mode mode, String... entries) {
        return new PhaseNetwork(
                mode, new AllowList(hosts(entries)), NetworkCaps.STANDARD, List.of());
    }

    private static List<String> left(PhaseNetwork network, String... wanted) {
        var narrowed = network.narrowed(hosts(wanted));
        assertThat(narrowed.mode()).isEqualTo(Mode.ENFORCE);
        assertThat(narrowed.caps()).isEqualTo(network.caps());
        return narrowed.allow().hosts().stream().map(AllowedHost::toString).toList();
    }

    @Test
    void whatStandsInBothIsLeftAndNothingElse() {
        var operators = network(Mode.ENFORCE, "a.example:443", "b.example:443", "b.example:22");

        assertThat(left(operators, "b.example:443", "c.example:443"))
                .containsExactly("b.example:443");
        assertThat(left(operators)).isEmpty();
        assertThat(operators.beyond(hosts("b.example:443", "c.example:443", "a.example:80")))
                .isEqualTo(hosts("c.example:443", "a.example:80"));
    }

    @Test
    void theOperatorsAddressHolds() {
        var operators = network(Mode.ENFORCE, "a.lan.example:443 = 10.0.0.1");

        assertThat(left(operators, "a.lan.example:443"))
                .containsExactly("a.lan.example:443 = 10.0.0.1");
        assertThat(left(operators, "*.lan.example"))
                .containsExactly("a.lan.example:443 = 10.0.0.1");
    }

    @Test
    void ofTwoDomainsTheNarrowerOneIsLeft() {
        var operators = network(Mode.ENFORCE, "*.files.lan.example", "*.other.lan.example");

        assertThat(left(operators, "*.lan.example"))
                .containsExactly("*.files.lan.example:443", "*.other.lan.example:443");
        assertThat(left(operators, "*.eu.files.lan.example"))
                .containsExactly("*.eu.files.lan.example:443");
        assertThat(left(operators, "a.files.lan.example:443", "files.lan.example:443"))
                .containsExactly("a.files.lan.example:443");
        assertThat(
                        operators.beyond(
                                hosts(
                                        "files.lan.example:443",
                                        "a.files.lan.example:80",
                                        "*.lan.test")))
                .hasSize(3);
    }

    @Test
    void aModeThatLetsOthersBecomesAListOfWhatIsWanted() {
        var open = network(Mode.OPEN, "a.example:8443 = 10.0.0.1");

        assertThat(left(open, "a.example:8443", "any.example:443", "any.example:25"))
                .startsWith("a.example:8443 = 10.0.0.1")
                .contains("any.example:443")
                .doesNotContain("any.example:25");
        assertThat(open.beyond(hosts("any.example:25", "any.example:8443")))
                .isEqualTo(hosts("any.example:25"));
        assertThat(left(PhaseNetwork.NOTHING, "a.example:443")).isEmpty();
    }
}
