package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.RepositoryId;
import airlock.house.Programs;
import airlock.plan.DebianUpload;
import airlock.secrets.LoopbackSshd;
import airlock.secrets.PreparedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real machines publish to a real sshd by each way that an SSH key has, with each of the actions
/// that publish.
@Tag("vm")
final class PublishingWaysInVmTest extends OnRealVms {
    private static final String ME = System.getProperty("user.name");

    /// Publishes by all four actions. dput uploads a package only once, so the record of the first
    /// upload is removed before the second.
    private static final String PLAN =
            """
            post_plan:
              - action: shell
                shell: |
                  echo page >/ci/artifacts/page
                  echo second >/ci/artifacts/rsync/second
                  cd /ci/artifacts/debian
            %s
              - action: shell
                shell: 'echo "the drive has: $(ls -A /ci/secrets | tr ''\\n'' '' '')"'
              - action: rsync2
              - action: rsync
              - action: dput
              - action: shell
                shell: rm /ci/artifacts/debian/*.upload
              - action: dput2
            """
                    .formatted(DebianUpload.SCRIPT.indent(6).stripTrailing());

    /// As Ambient's documentation has such files.
    private static final String AMBIENTS =
            """
            plan:
              - action: shell
                shell: |
                  echo unchanged >/ci/artifacts/rsync/unchanged
                  cd /ci/artifacts/debian
            %s
            post_plan:
              - action: rsync2
              - action: dput2
            """
                    .formatted(DebianUpload.SCRIPT.indent(6).stripTrailing());

    private int port;

    @BeforeEach
    void start() throws Exception {
        port = LoopbackSshd.freePort();
    }

    private Path ssh() {
        return directory.resolve("ssh");
    }

    /// @param secrets of the repository
    /// @param network more keys of it
    private Bot bot(String secrets, String network, String dput) throws Exception {
        String more =
                """
                id: 7
                    secrets: %1$s
                    network:
                      post_plan: {allow: ["upload.example:%2$d = 127.0.0.1"]}
                %3$s    targets:
                      rsync: ssh://%4$s@upload.example:%2$d/hello
                      dput: %5$s
                """
                        .formatted(secrets, port, network, ME, dput);
        return bot(more);
    }

    private String server() {
        return "{name: ours, host: upload.example, port: %d, login: %s, incoming: %s/incoming}"
                .formatted(port, ME, ssh());
    }

    private String publish(Bot bot, PublishServer ssh) throws Exception {
        String log = passed(bot, new Pushes(directory, forge).push(bot, PLAN));

        // what rsync2 brought to the top goes when rsync makes it all the same
        assertThat(log).contains("\ndeleting second\n");
        assertThat(log.split("Number of files: ", -1)).as(log).hasSize(3);
        assertThat(log.split("Successfully uploaded packages.", -1)).as(log).hasSize(3);
        assertThat(ssh.files("www/hello"))
                .as(ssh.log())
                .contains("page", "rsync/second", "debian/hello_1_all.deb")
                .doesNotContain("second");
        assertThat(ssh.files("incoming")).containsExactly(DebianUpload.CHANGES, "hello_1_all.deb");
        return log;
    }

    /// A plan of Ambient's in its own place, after [#publish].
    private void publishAmbients(Bot bot, PublishServer ssh) throws Exception {
        for (String file : ssh.files("incoming")) {
            Files.delete(ssh().resolve("incoming").resolve(file));
        }
        var _ =
                passed(
                        bot,
                        new Pushes(directory, forge).push(bot, ".radicle/ambient.yaml", AMBIENTS));

        assertThat(ssh.files("www/hello")).as(ssh.log()).containsExactly("unchanged");
        assertThat(ssh.files("incoming")).containsExactly(DebianUpload.CHANGES, "hello_1_all.deb");
    }

    @Test
    void withTheKeyOnTheDrive() throws Exception {
        try (var bot = bot("{drive: [post_plan]}", "", server());
                var ssh = PublishServer.start(ssh(), port, bot.newKey("deploy"))) {
            assertThat(publish(bot, ssh))
                    .contains("\nthe drive has: dput.cf ssh_config ssh_key \n");
            assertThat(ssh.log()).contains("Accepted publickey for " + ME);
        }
    }

    @Test
    void withTheKeyAndItsCertificateOnTheDriveAndADputCfOfTheOperators() throws Exception {
        Path ca = directory.resolve("ca");
        Programs.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "" + ca);
        String secrets = "{drive: [post_plan], files: [{name: dput.cf, phases: [post_plan]}]}";
        String trusted = Files.readString(directory.resolve("ca.pub")).strip();
        try (var bot = bot(secrets, "", "ours");
                var ssh = PublishServer.trusting(ssh(), port, trusted)) {
            bot.keep("certificate", "deploy", certified(ca, bot.newKey("deploy")));
            bot.keep(
                    "file",
                    "dput.cf",
                    """
                    [ours]
                    fqdn = upload.example
                    method = scp
                    incoming = %s/incoming
                    login = %s
                    allow_unsigned_uploads = 1
                    ssh_config_options = Port=%d
                    """
                            .formatted(ssh(), ME, port));

            assertThat(publish(bot, ssh))
                    .contains("\nthe drive has: dput.cf ssh_config ssh_key ssh_key-cert.pub \n");
            assertThat(ssh.log()).contains("ED25519-CERT", "ID made elsewhere (serial 0)");
            publishAmbients(bot, ssh);
        }
    }

    private String certified(Path ca, String publicKey) throws Exception {
        Path key = Files.writeString(directory.resolve("deploy.pub"), publicKey + "\n");
        Programs.run(
                "ssh-keygen",
                "-q",
                "-s",
                "" + ca,
                "-I",
                "made elsewhere",
                "-n",
                ME,
                "-V",
                "-1m:+1h",
                "-O",
                "force-command=" + PublishServer.forced(ssh()),
                "" + key);
        return Files.readString(directory.resolve("deploy-cert.pub"));
    }

    @Test
    void withTheHostAsAgent() throws Exception {
        String secrets =
                "{agent: [{users: [%s], hosts: [upload.example], signatures: 30}]}".formatted(ME);
        var key =
                PreparedKey.in(directory.resolve("state"), new RepositoryId("demo", "7"), "deploy");
        try (var ssh = PublishServer.start(ssh(), port, key.publicLine())) {
            String hosts =
                    "      known_hosts: [\"[upload.example]:%d %s\"]\n"
                            .formatted(port, ssh.hostKey());
            try (var bot = bot(secrets, hosts, server())) {
                assertThat(publish(bot, ssh))
                        .contains("\nthe drive has: \n")
                        .contains("signed: user " + ME + " at upload.example");
                publishAmbients(bot, ssh);
            }
        }
    }

    @Test
    void withAFreshKeyAndACertificateByAirlocksOwnCa() throws Exception {
        String secrets =
                "{certificate: {ca: ca, principals: [%s], options: {force-command: %s}}}"
                        .formatted(ME, PublishServer.forced(ssh()));
        try (var bot = bot(secrets, "", server());
                var ssh = PublishServer.trusting(ssh(), port, bot.newKey("ca"))) {
            assertThat(publish(bot, ssh))
                    .contains("\nthe drive has: dput.cf ssh_config ssh_key ssh_key-cert.pub \n");
            assertThat(ssh.log()).contains("ED25519-CERT", "ID " + bot.runs().getFirst());
            publishAmbients(bot, ssh);
        }
    }
}
