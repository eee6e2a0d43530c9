package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AllowList;
import airlock.config.AllowListFixture;
import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseNetwork.Mode;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.Gatekeeper.Destination;
import airlock.egress.Gatekeeper.OwnPlaces;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatekeeperTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("5.6.7.8");
    private static final int AIRLOCK = 8080;

    private final TestResolver resolver = new TestResolver();
    private final OwnPlaces own = new OwnPlaces(OWN::equals, Set.of(AIRLOCK));

    private Decision decide(AllowList list, String destination) {
        return decide(Mode.ENFORCE, list, destination);
    }

    private Decision decide(Mode mode, AllowList list, String destination) {
        return decide(mode, list, destination, false);
    }

    private Decision decide(Mode mode, AllowList list, String destination, boolean leavesNames) {
        return switch (Destination.read(destination)) {
            case Destination.Reading.Read(var to) ->
                    new Gatekeeper(
                                    new PhaseNetwork(mode, list, NetworkCaps.STANDARD, List.of()),
                                    resolver,
                                    own,
                                    leavesNames)
                            .decide(to);
            case Destination.Reading.Refused(var why) -> throw new AssertionError(why);
        };
    }

    private static List<String> addresses(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Let.class);
        return ((Decision.Let) decision)
                .addresses().stream().map(InetAddress::getHostAddress).toList();
    }

    private static Decision.Refuse refusal(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refuse.class);
        return (Decision.Refuse) decision;
    }

    @Test
    void aListedHostIsReachedAtTheAddressesThatWereChecked() {
        resolver.put("packages.example", "1.2.3.4", "2600::1");

        var decision = decide(AllowListFixture.of("packages.example:443"), "packages.example:443");

        assertThat(addresses(decision)).containsExactly("1.2.3.4", "2600:0:0:0:0:0:0:1");
        assertThat(resolver.asked()).containsExactly("packages.example");
    }

    @Test
    void aNameThatIsNotListedIsNeverLookedUp() {
        resolver.put("secret-in-a-name.evil.example", "1.2.3.4");

        var decision =
                decide(
                        AllowListFixture.of("packages.example:443", "*.files.example"),
                        "secret-in-a-name.evil.example:443");

        assertThat(refusal(decision))
                .isEqualTo(
                        new Decision.Refuse(
                                "is not on the list",
                                Optional.of("secret-in-a-name.evil.example:443")));
        assertThat(resolver.asked()).isEmpty();
    }

    @Test
    void aListedHostAtAnotherPortIsNotListed() {
        resolver.put("packages.example", "1.2.3.4");
        assertThat(
                        refusal(
                                decide(
                                        AllowListFixture.of("packages.example:443"),
                                        "packages.example:25")))
                .extracting(Decision.Refuse::why)
                .isEqualTo("is not on the list");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.7",
                "169.254.169.254",
                "100.64.0.1",
                "::1",
                "fd00::1",
                "fe80::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "5.6.7.8",
            })
    void aHostWithOneAddressThatIsNotPublicIsRefusedWhateverTheOthersAre(String address) {
        var list = AllowListFixture.of("packages.example:443");
        for (var answers :
                List.of(
                        List.of(address),
                        List.of("1.2.3.4", address),
                        List.of(address, "1.2.3.4"))) {
            resolver.put("packages.example", answers.toArray(String[]::new));
            var refused = refusal(decide(list, "packages.example:443"));
            String shown = InetAddress.ofLiteral(address).getHostAddress();
            assertThat(refused.why()).startsWith("is at " + shown + ", which is ");
            assertThat(refused.line()).contains("packages.example:443 = " + shown);
        }
    }

    @Test
    void anAddressThatTheOperatorNamesIsTakenAndNobodyIsAsked() {
        resolver.put("forge.lan", "1.2.3.4");
        var list = AllowListFixture.of("forge.lan:22 = 192.168.1.7");

        assertThat(addresses(decide(list, "forge.lan:22"))).containsExactly("192.168.1.7");
        assertThat(resolver.asked()).isEmpty();
        assertThat(decide(list, "forge.lan:443")).isInstanceOf(Decision.Refuse.class);
    }

    @Test
    void aNameThatMeansAnotherAddressTheSecondTimeIsCheckedAgain() {
        var list = AllowListFixture.of("packages.example:443");
        resolver.put("packages.example", "1.2.3.4");
        assertThat(addresses(decide(list, "packages.example:443"))).containsExactly("1.2.3.4");

        resolver.put("packages.example", "127.0.0.1");

        assertThat(decide(list, "packages.example:443")).isInstanceOf(Decision.Refuse.class);
    }

    @Test
    void airlocksOwnPortsAreRefusedAlsoWhereTheirAddressIsNamed() {
        for (String pin : List.of("127.0.0.1", "::1", OWN.getHostAddress())) {
            var list = AllowListFixture.of("me.lan:8080 = " + pin, "me.lan:8081 = " + pin);
            assertThat(refusal(decide(list, "me.lan:8080")))
                    .satisfies(refused -> assertThat(refused.why()).contains("Airlock itself"))
                    .satisfies(refused -> assertThat(refused.line()).isEmpty());
            assertThat(decide(list, "me.lan:8081")).isInstanceOf(Decision.Let.class);
        }
        resolver.put("me.example", OWN.getHostAddress());
        assertThat(
                        refusal(decide(AllowListFixture.of("me.example:8080"), "me.example:8080"))
                                .line())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OBSERVE", "OPEN"})
    void whereOthersAreLetTheyArePublicAndAtUsualPorts(Mode mode) {
        var list = AllowListFixture.of("packages.example:8443");
        resolver.put("other.example", "1.2.3.4");
        resolver.put("lan.example", "192.168.1.5");
        resolver.put("me.example", OWN.getHostAddress());

        for (int port : new int[] {22, 80, 443, 8443}) {
            assertThat(addresses(decide(mode, list, "other.example:" + port)))
                    .containsExactly("1.2.3.4");
        }
        assertThat(refusal(decide(mode, list, "other.example:25")).line())
                .contains("other.example:25");
        assertThat(refusal(decide(mode, list, "lan.example:443")).line())
                .contains("lan.example:443 = 192.168.1.5");
        assertThat(refusal(decide(mode, list, "me.example:443")).why()).contains("own");
    }

    @ParameterizedTest
    @EnumSource(names = {"OBSERVE", "OPEN"})
    void portsOfMailStayThoseOfListedHosts(Mode mode) {
        var list =
                AllowListFixture.of(
                        "mail.example:25", "mail.example:465", "mail.example:587", "a.example:993");
        resolver.put("mail.example", "1.2.3.4");
        resolver.put("other.example", "1.2.3.4");

        for (int port : new int[] {25, 465, 587}) {
            assertThat(addresses(decide(mode, list, "mail.example:" + port)))
                    .containsExactly("1.2.3.4");
            assertThat(refusal(decide(mode, list, "other.example:" + port)).why())
                    .isEqualTo("is not on the list");
        }
        assertThat(decide(mode, list, "other.example:993")).isInstanceOf(Decision.Let.class);
        assertThat(resolver.asked()).containsOnly("mail.example", "other.example");
    }

    @Test
    void aListedHostThatLeadsToTheForgesPrivateAddressIsRefused() {
        var list = AllowListFixture.of("forge.lan:443 = 192.168.1.7", "packages.example:443");
        for (var mode : Mode.values()) {
            resolver.put("packages.example", "192.168.1.7");
            assertThat(refusal(decide(mode, list, "packages.example:443")).why())
                    .isEqualTo("is at 192.168.1.7, which is private");
            assertThat(addresses(decide(mode, list, "forge.lan:443")))
                    .containsExactly("192.168.1.7");
        }
    }

    @Test
    void anEncryptedHelloIsAllowedByTheEntryThatLetsTheHost() {
        var list =
                AllowListFixture.with(
                        "*.hiding.example", "a.hiding.example:443", "other.example:443");
        resolver.put("a.hiding.example", "1.2.3.4");
        resolver.put("b.hiding.example", "1.2.3.4");
        resolver.put("other.example", "1.2.3.4");
        resolver.put("unlisted.example", "1.2.3.4");

        for (String host : List.of("a.hiding.example", "other.example", "unlisted.example")) {
            assertThat(((Decision.Let) decide(Mode.OPEN, list, host + ":443")).encryptedHello())
                    .isFalse();
        }
        assertThat(((Decision.Let) decide(list, "b.hiding.example:443")).encryptedHello()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whereAProxyLooksListedNamesUpAllOthersAreCheckedHere(Mode mode) {
        var list = AllowListFixture.of("packages.example:443", "forge.lan:22 = 192.168.1.7");
        resolver.put("lan.example", "192.168.1.5");

        assertThat(addresses(decide(mode, list, "packages.example:443", true))).isEmpty();
        assertThat(addresses(decide(mode, list, "forge.lan:22", true)))
                .containsExactly("192.168.1.7");
        assertThat(resolver.asked()).isEmpty();
        assertThat(decide(mode, list, "lan.example:443", true)).isInstanceOf(Decision.Refuse.class);
        assertThat(resolver.asked()).hasSize(mode == Mode.ENFORCE ? 0 : 1);
    }

    @Test
    void aHostThatNobodyKnowsIsRefused() {
        assertThat(
                        refusal(decide(AllowListFixture.of("gone.example:443"), "gone.example:443"))
                                .why())
                .isEqualTo("has no address, or no name server answers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packages.example",
                "packages.example:",
                "packages.example:0",
                "packages.example:00443",
                "packages.example:65536",
                "packages.example:-1",
                "packages.example:+443",
                "packages.example:４４３",
                "packages.example:443 ",
                "packages.example:https",
                ":443",
                "127.0.0.1:443",
                "[::1]:443",
                "::1:443",
                "user@packages.example:443",
                "packages.example:443:443",
                "https://packages.example:443",
                "packages.example\r\nHost: x:443",
            })
    void whatIsNoDestinationIsRefused(String text) {
        assertThat(Destination.read(text)).isInstanceOf(Destination.Reading.Refused.class);
    }
}
