package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.plan.AptRepository;
import airlock.plan.DebianUpload;
import airlock.plan.FileServer;
import airlock.secrets.LoopbackSshd;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real machines fetch from servers on loopback and publish to an sshd there, by the uplink.
@Tag("vm")
final class ActionsInVmTest extends OnRealVms {
    private AptRepository repository;
    private FileServer server;

    @BeforeEach
    void start() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        repository = AptRepository.make(served, directory.resolve("keys"));
        server = new FileServer(served);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        repository.end();
    }

    private String configuration(int ssh) {
        return """
        id: 7
            secrets: {drive: [post_plan]}
            network:
              pre_plan:
                allow:
                  - files.example:%1$d = 127.0.0.1
                  - mirror.example:%1$d = 127.0.0.1
                  - unwanted.example:%1$d = 127.0.0.1
              post_plan: {allow: ["upload.example:%2$d = 127.0.0.1"]}
            targets:
              rsync: ssh://%3$s@upload.example:%2$d/hello
              dput: {name: ours, host: upload.example, port: %2$d, login: %3$s, incoming: %4$s/ssh/incoming}
        mirrors: {debian: "http://mirror.example:%1$d"}
        """
                .formatted(server.port(), ssh, System.getProperty("user.name"), directory);
    }

    /// Files of the commit that leave a mark if anybody reads or runs them.
    private void setTraps(Path work) throws Exception {
        Files.createDirectories(work.resolve("bin"));
        for (String program : new String[] {"curl", "apt-get", "rsync", "ssh", "dput", "mktemp"}) {
            Path trap = work.resolve("bin").resolve(program);
            Files.writeString(
                    trap,
                    "#!/bin/sh\ntouch /ci/cache/mark-%1$s\nexec /usr/bin/%1$s \"$@\"\n"
                            .formatted(program));
            assertThat(trap.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(work.resolve(".curlrc"), "trace = /ci/cache/mark-curlrc\nnetrc\n");
        Files.writeString(work.resolve(".netrc"), "default login a password b\n");
        Files.writeString(work.resolve(".wgetrc"), "output_document = /ci/cache/mark-wgetrc\n");
        for (String file : new String[] {".bashrc", ".bash_profile", ".profile"}) {
            Files.writeString(work.resolve(file), "touch /ci/cache/mark-" + file + "\n");
        }
        Files.writeString(
                work.resolve("apt.conf"),
                "APT::Update::Pre-Invoke { \"touch /ci/cache/mark-apt\"; };\n");
        Files.writeString(work.resolve(".dput.cf"), "[ours]\nfqdn = elsewhere.example\n");
    }

    private static final String VARIABLES =
            """
              - action: setenv
                set:
                  HOME: /ci/src
                  CURL_HOME: /ci/src
                  BASH_ENV: /ci/src/.bashrc
                  APT_CONFIG: /ci/src/apt.conf
                  LD_PRELOAD: /ci/src/evil.so
                  PATH: /ci/src/bin:/usr/bin:/bin
            """;

    private static final String PLAN =
            """
            plan:
              - action: shell
                shell: |
                  wc -c /ci/deps/http/*
                  dpkg-deb -f /ci/deps/debian/greeting.deb Version
                  dpkg-deb -f /ci/deps/debian/tongue.deb Package
                  echo published > /ci/artifacts/page
                  cd /ci/artifacts/debian
            %2$s
            post_plan:
            %1$s  - action: rsync
              - action: dput2
              - action: shell
                shell: |
                  rm /ci/cache/mark-.bashrc
                  echo "marks: $(ls -A /ci/cache)"
            """
                    .formatted(VARIABLES, DebianUpload.SCRIPT.indent(6).stripTrailing());

    private String plan(String certificate) {
        return """
        network:
          pre_plan: [files.example:%1$d, mirror.example:%1$d, stats.example:443]
        pre_plan:
        %2$s  - action: http_get
            items:
              - {url: "http://files.example:%1$d/hello", filename: hello}
              - {url: "http://files.example:%1$d/flaky", filename: flaky}
              - {url: "http://files.example:%1$d/cut", filename: cut, max_size: 1 MiB}
          - action: http_get
            items: [{url: "http://files.example:%1$d/hello", filename: hello}]
          - action: deb_get
            packages: [greeting]
            suite: tiny
            cert: |
        %3$s
          - action: dns
            domain: files.example:%1$d
          - action: shell
            shell: |
              unset LD_PRELOAD
              ! curl -q http://unwanted.example:%1$d/hello
              rm /ci/cache/mark-curl /ci/cache/mark-.bashrc
              echo "marks: $(ls -A /ci/cache)"
        """
                        .formatted(server.port(), VARIABLES, certificate.indent(8).stripTrailing())
                + PLAN;
    }

    @Test
    void whatIsFetchedAndPublishedGoesItsWayAndNothingOfTheCommitRunsThere() throws Exception {
        int port = LoopbackSshd.freePort();
        try (var bot = bot(configuration(port))) {
            String key = bot.newKey("deploy");
            var pushes = new Pushes(directory, forge);
            setTraps(Checkout.work(directory));
            try (var ssh = PublishServer.start(directory.resolve("ssh"), port, key)) {
                String log = passed(bot, pushes.push(bot, plan(repository.certificate())));

                assertThat(log)
                        .contains("warning: the plan's network wants stats.example:443")
                        .contains("hello: not changed since 2026-01-03 10:20:30")
                        .contains("flaky: try 1 of 5 failed (curl 22, status 500)")
                        .contains(FileServer.LONG.length() + " /ci/deps/http/cut")
                        .contains("\n1:1.0-1\n", "\ntongue\n")
                        .contains("connected to files.example, port " + server.port())
                        .contains(
                                "connection refused: unwanted.example:"
                                        + server.port()
                                        + " is not on the list")
                        .contains("Number of files: ")
                        .contains("Successfully uploaded packages.");
                assertThat(log.split("\nmarks: \n", -1)).as(log).hasSize(3);
                assertThat(server.requests())
                        .contains("/hello", "/hello since")
                        .contains("/cut bytes=" + FileServer.LONG.length() / 2 + "-")
                        .noneMatch(request -> request.contains("authorized"));
                assertThat(ssh.files("www/hello")).as(ssh.log()).contains("page");
                assertThat(ssh.files("incoming"))
                        .containsExactly(DebianUpload.CHANGES, "hello_1_all.deb");
            }
        }
    }
}
