package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsKeysTest {
    private static final Set<Phase> POST = Set.of(Phase.POST_PLAN);

    @TempDir Path directory;
    private ConfigFixture fixture = new ConfigFixture(Path.of("."));

    @BeforeEach
    void makeFixture() {
        fixture = new ConfigFixture(directory);
    }

    private static String text(String lines) {
        return SMALL + "  secrets:\n" + lines.indent(4);
    }

    /// An agent knows the hosts at which it signs.
    private static String known() {
        return "  network: {known_hosts: [\"a.example,b.example,upload.example "
                + "ssh-ed25519 "
                + "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\"]}\n";
    }

    private SecretsConfig secrets(String lines) {
        return fixture.config(text(lines) + known()).repositories().getFirst().secrets();
    }

    private String problems(String lines) {
        return fixture.problems(text(lines)).toString();
    }

    @Test
    void theOldWordMeansWhatItMeant() {
        var secrets = secrets("drive: [pre_plan, post_plan]");
        assertThat(secrets.drive()).containsExactlyInAnyOrder(Phase.PRE_PLAN, Phase.POST_PLAN);
        assertThat(secrets.agent()).isEmpty();
        assertThat(secrets.certificate()).isEmpty();
        assertThat(secrets.tokens()).isEmpty();
    }

    @Test
    void anAgentThatKnowsNoKeyOfAHostIsAProblem() {
        assertThat(problems("agent: [{users: [ci], hosts: [upload.example]}]"))
                .contains("the agent knows no key of upload.example")
                .contains("network.known_hosts");
    }

    @Test
    void theLeastTokenHasTheDefaultsOfThePage() {
        assertThat(secrets("tokens: [{name: registry, host: registry.example}]").tokens())
                .containsExactly(
                        new ProxyToken(
                                "registry",
                                new ProxyToken.Target(new HostName("registry.example"), 443),
                                "/",
                                "Authorization",
                                "Bearer {}",
                                Set.of("GET", "HEAD"),
                                Optional.empty(),
                                POST,
                                false));
    }

    @Test
    void theLeastOfEachOtherHasTheDefaultsOfThePage() {
        var secrets =
                secrets(
                        """
                        agent: [{users: [www-data], hosts: [Upload.Example.]}]
                        files: [{name: dput.cf}]
                        variables: [{name: PASSWORD}]
                        certificate: {principals: [www-data], ca: ca}
                        """);
        assertThat(secrets.agent())
                .containsExactly(
                        new AgentKey(
                                "deploy",
                                List.of("www-data"),
                                List.of(new HostName("upload.example")),
                                100,
                                POST,
                                false));
        assertThat(secrets.files()).containsExactly(new NamedSecret("dput.cf", POST));
        assertThat(secrets.variables()).containsExactly(new NamedSecret("PASSWORD", POST));
        assertThat(secrets.certificate())
                .contains(
                        new CertificateWay(
                                POST,
                                List.of("www-data"),
                                Duration.ofMinutes(10),
                                new CertificateWay.Restriction(Optional.empty(), Optional.empty()),
                                Optional.of("ca"),
                                Optional.empty()));
    }

    @Test
    void everythingThatCanBeSaidIsRead() {
        fixture.write("ca.pem", "x", "rw-r--r--");
        var secrets =
                secrets(
                        """
                        agent: [{key: mirror, users: [git, bot], hosts: [a.example, b.example], signatures: 5, fetch: true, phases: [pre_plan]}]
                        tokens: [{name: registry, host: "registry.example:8443", path: /api/v1, header: PRIVATE-TOKEN, value: "x{}y", methods: [PUT], ca: ca.pem, fetch: true}]
                        certificate:
                          phases: [pre_plan]
                          principals: [a]
                          life: 1h
                          options: {force-command: "rrsync -wo /srv/www", source-address: 192.0.2.1}
                          command: [/usr/bin/sign, --for, ci]
                        """);
        assertThat(secrets.agent().getFirst().signatures()).isEqualTo(5);
        assertThat(secrets.agent().getFirst().fetch()).isTrue();
        var token = secrets.tokens().getFirst();
        assertThat(token.place()).isEqualTo("registry.example:8443");
        assertThat(token.ca()).contains(directory.resolve("ca.pem"));
        assertThat(secrets.certificate().orElseThrow().restriction().options())
                .containsOnlyKeys("force-command", "source-address");
        assertThat(secrets.certificate().orElseThrow().signer())
                .isEqualTo(
                        new CertificateWay.Signer.Command(List.of("/usr/bin/sign", "--for", "ci")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "drive: [plan] | secrets.drive[0]: unknown word 'plan'",
                "drive: [post_pln] | did you mean 'post_plan'",
                "agent: [{users: [], hosts: [a.example]}] | secrets.agent[0].users: 0 items",
                "agent: [{users: [a]}] | key 'hosts' is missing",
                "agent: [{users: [-oProxyCommand=x], hosts: [a.example]}] | does not fit",
                "agent: [{users: [a], hosts: [10.0.0.1]}] | is an address, not a name",
                "agent: [{users: [a], hosts: [a.example], phases: [plan]}] | unknown word 'plan'",
                "agent: [{user: [a], hosts: [a.example]}] | did you mean 'users'",
                "files: [{name: ../x}] | '../x' does not fit",
                "files: [{name: ssh_key}] | 'ssh_key' does not fit",
                "variables: [{name: A-B}] | 'A-B' does not fit",
                "variables: [{name: A}, {name: A}] | duplicate name 'A'",
                "tokens: [{name: t, host: a.example}, {name: t, host: b.example}] | duplicate name"
                        + " 't'",
                "tokens: [{name: t, host: a.example}, {name: u, host: a.example}] | two tokens for"
                        + " a.example:443/",
                "tokens: [{name: t, host: 10.0.0.1}] | is an address, not a name",
                "tokens: [{name: t, host: 'a.example:0'}] | port 0 is not within 1 to 65535",
                "tokens: [{name: t, host: a.example, path: /a/../b}] | does not fit",
                "tokens: [{name: t, host: a.example, path: '/a%2fb'}] | does not fit",
                "tokens: [{name: t, host: a.example, header: Host}] | 'Host' does not fit",
                "tokens: [{name: t, host: a.example, value: Bearer}] | 'Bearer' does not fit",
                "tokens: [{name: t, host: a.example, value: '{}{}'}] | does not fit",
                "tokens: [{name: t, host: a.example, methods: [TRACE]}] | unknown word 'TRACE'",
                "tokens: [{name: t, host: a.example, methods: [CONNECT]}] | unknown word 'CONNECT'",
                "tokens: [{name: t, host: a.example, ca: none.pem}] | no file none.pem",
                "certificate: {principals: [a]} | one of ca and command",
                "certificate: {principals: [a], ca: x, command: [/bin/x]} | one of ca and command",
                "certificate: {principals: [a], command: [x]} | must be absolute",
                "certificate: {principals: [], ca: x} | 0 items",
                "certificate: {principals: [a], ca: x, life: 2d} | too large",
            })
    void whatCanNotBeMeantIsToldWithItsPlace(String line, String problem) {
        assertThat(problems(line)).contains(problem);
    }

    @Test
    void aKeyOfTheDriveAndOneWithACertificateCanNotShareAPhase() {
        assertThat(
                        problems(
                                """
                                drive: [post_plan]
                                certificate: {principals: [a], ca: x}
                                """))
                .contains(
                        "repositories[0].secrets.certificate", "post_plan has the key of `drive`");
    }

    @Test
    void aSecretKeyIsWhereTheConfigurationSaysElseWhereSystemdGivesItElseInTheState() {
        String named = SMALL + "secret_key: keys/airlock.key\n";
        assertThat(fixture.config(named).keyPlace())
                .isEqualTo(new KeyPlace.Named(directory.resolve("keys/airlock.key")));
        assertThat(fixture.config(SMALL).keyPlace())
                .isEqualTo(new KeyPlace.InState(Path.of("/var/lib/airlock/secret.key")));
        Path credential = fixture.write("credentials/airlock.key", "x", "rw-------");
        var environment = Map.of("CREDENTIALS_DIRECTORY", directory.resolve("credentials") + "");
        assertThat(KeyPlace.OfService.of(environment).orIn(directory))
                .isEqualTo(new KeyPlace.Credential(credential));
        assertThat(KeyPlace.OfService.of(Map.of("CREDENTIALS_DIRECTORY", "/none")).orIn(directory))
                .isEqualTo(new KeyPlace.InState(directory.resolve("secret.key")));
    }
}
