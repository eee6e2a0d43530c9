package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.house.Programs;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of clients are read by ssh and by a shell itself.
class GuestNetworkTest {
    private static final String KEY = "git.lan ssh-ed25519 AAAAC3NzaC1lZDI1NTE5";
    private static final GuestNetwork LISTED =
            new GuestNetwork(List.of("git.lan:22"), List.of(), false, List.of(), List.of(), false);
    private static final GuestNetwork DOMAINS =
            new GuestNetwork(
                    List.of("git.lan:22"),
                    List.of("files.example", "b.example"),
                    false,
                    List.of(KEY),
                    List.of(),
                    false);
    private static final GuestNetwork OPEN =
            new GuestNetwork(
                    List.of(), List.of("files.example"), true, List.of(), List.of(), false);

    @TempDir Path directory;

    private static List<Step> before(GuestNetwork network) {
        var plan = PlanFixture.plan(Phase.PRE_PLAN, PlanFixture.shell("true"));
        return PhaseSteps.of(
                        plan, Phase.PRE_PLAN, Optional.of(network), Destinations.NONE, Map.of())
                .before();
    }

    private static Optional<GuestStep.WriteFile> file(GuestNetwork network, String path) {
        return before(network).stream()
                .map(Step::what)
                .filter(GuestStep.WriteFile.class::isInstance)
                .map(GuestStep.WriteFile.class::cast)
                .filter(file -> file.path().equals(path))
                .findFirst();
    }

    /// ssh's own reading of its configuration for a host.
    private String ssh(GuestNetwork network, String secrets, String host) throws IOException {
        Path included = Files.writeString(directory.resolve("secrets"), secrets);
        String text = file(network, "/root/.ssh/config").orElseThrow().content();
        Path config =
                Files.writeString(
                        directory.resolve("config"),
                        text.replace("/ci/secrets/ssh_config", included.toString()));
        return Programs.run("ssh", "-G", "-F", config.toString(), host);
    }

    @Test
    void sshAsksNobodyAndTakesAnyKeyWhereNoneIsKnown() throws IOException {
        assertThat(ssh(LISTED, "", "git.lan"))
                .contains("\nbatchmode yes\n", "\nstricthostkeychecking accept-new\n")
                .contains("\nidentityfile /ci/secrets/ssh_key\n")
                .doesNotContain("proxycommand");
        assertThat(file(LISTED, "/etc/ssh/ssh_known_hosts")).isEmpty();
    }

    @Test
    void whereKeysAreKnownSshTakesNoOthersWhateverTheSecretsDriveSays() throws IOException {
        String secrets = "Host *\n    StrictHostKeyChecking accept-new\n    IdentityFile /k\n";

        assertThat(ssh(DOMAINS, secrets, "git.lan"))
                .contains("\nstricthostkeychecking true\n", "\nidentityfile /k\n")
                .doesNotContain("proxycommand");
        assertThat(file(DOMAINS, "/etc/ssh/ssh_known_hosts"))
                .contains(
                        new GuestStep.WriteFile(
                                "/etc/ssh/ssh_known_hosts", 0644, KEY + "\n", true));
        assertThat(before(DOMAINS).stream().map(Step::what))
                .containsSubsequence(
                        new GuestStep.MakeDirectory("/etc/ssh", 0755, true),
                        file(DOMAINS, "/etc/ssh/ssh_known_hosts").orElseThrow());
    }

    @Test
    void sshAsksTheGuestForHostsThatOnlyADomainLists() throws IOException {
        String asks = "\nproxycommand /run/airlock/connect %h %p\n";
        String secrets = "Host *\n    IdentityFile /k\n";
        for (String host : List.of("a.files.example", "A.B.files.example", "c.b.example")) {
            assertThat(ssh(DOMAINS, secrets, host).toLowerCase(Locale.ROOT))
                    .contains(asks, "\nidentityfile /k\n", "\nstricthostkeychecking true\n");
        }
        for (String host : List.of("files.example", "git.lan", "xfiles.example", "localhost")) {
            assertThat(ssh(DOMAINS, secrets, host)).doesNotContain("proxycommand");
        }
    }

    @Test
    void whereOtherHostsAreLetSshAsksForAllButThisMachine() throws IOException {
        for (String host : List.of("a.files.example", "git.lan", "1.2.3.4")) {
            assertThat(ssh(OPEN, "", host)).contains("proxycommand /run/airlock/connect %h %p");
        }
        for (String host : List.of("localhost", "127.0.0.1", "::1")) {
            assertThat(ssh(OPEN, "", host)).doesNotContain("proxycommand");
        }
    }

    /// Runs the step that writes files of clients below a home of the test's own.
    private Path home(GuestNetwork network) throws IOException {
        Path home = directory.resolve("root");
        for (Step step : before(network)) {
            if (step.what() instanceof GuestStep.MakeDirectory made
                    && made.path().startsWith("/root/.")) {
                Files.createDirectories(home.resolve(made.path().substring("/root/".length())));
            }
        }
        for (Step step : before(network)) {
            if (step.what() instanceof GuestStep.Execute execute) {
                var command = new ArrayList<String>();
                execute.argv().forEach(word -> command.add(word.replace("/root/", home + "/")));
                assertThat(Programs.run(command.toArray(String[]::new))).isEmpty();
            }
        }
        return home;
    }

    @Test
    void mavenAndGradleAreToldOfTheProxy() throws IOException {
        Path home = home(OPEN);

        assertThat(home.resolve(".m2/settings.xml"))
                .hasContent(
                        """
                        <settings>
                          <proxies>
                            <proxy>
                              <id>airlock</id>
                              <protocol>https</protocol>
                              <host>127.0.0.1</host>
                              <port>3128</port>
                              <nonProxyHosts>localhost|127.*</nonProxyHosts>
                            </proxy>
                          </proxies>
                        </settings>
                        """);
        assertThat(home.resolve(".gradle/gradle.properties"))
                .hasContent(
                        """
                        systemProp.https.proxyHost=127.0.0.1
                        systemProp.https.proxyPort=3128
                        """);
    }

    @Test
    void whatAnImageHasOfItsOwnStays() throws IOException {
        Path home = directory.resolve("root");
        Path own = Files.createDirectories(home.resolve(".m2")).resolve("settings.xml");
        Files.writeString(own, "<settings/>");

        home(DOMAINS);

        assertThat(own).hasContent("<settings/>");
        assertThat(home.resolve(".gradle/gradle.properties")).content().contains("3128");
    }

    @Test
    void withoutAProxyNothingIsWrittenForClients() {
        assertThat(before(LISTED).stream().map(Step::what))
                .noneMatch(GuestStep.Execute.class::isInstance)
                .noneMatch(
                        what ->
                                what instanceof GuestStep.MakeDirectory made
                                        && made.path().contains(".m2"))
                .contains(new GuestStep.Connect(List.of("git.lan:22"), List.of(), false, false));
    }
}
