package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.plan.AptRepository;
import airlock.plan.FileServer;
import airlock.plan.TinyRegistries;
import airlock.vm.BootFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real clients of the fetch actions, as Debian has them, in real machines: registries of their
/// kinds on loopback by the uplink, then a plan phase that builds and tests without a network. With
/// --long, as an image with all of them takes minutes to make.
@Tag("soak")
final class FetchActionsInVmTest {
    private static final String GO_ZIP = "/go/hello.example/dep/@v/v1.0.0.zip";
    private static final String CRATE = "/crates/dl/hello-dep";
    private static final String WHEEL = "/pypi/files/hello_dep-1.0.0-py3-none-any.whl";
    private static final String TARBALL = "/npm/hello-dep/-/hello-dep-1.0.0.tgz";

    @TempDir Path directory;
    private RealMachines machines;
    private LoopbackForge forge;
    private AptRepository repository;
    private TinyRegistries registries;
    private FileServer server;

    @BeforeEach
    void start() throws Exception {
        machines = RealMachines.in(directory);
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        Path served = Files.createDirectory(directory.resolve("served"));
        repository = AptRepository.make(served, directory.resolve("keys"));
        server = new FileServer(served);
        registries = TinyRegistries.make(served, "http://mirror.example:" + server.port());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        repository.end();
        forge.close();
        machines.close();
    }

    private static BootFiles image() throws Exception {
        try (var in = FetchActionsInVmTest.class.getResourceAsStream("/clients/clients.recipe")) {
            return new ImageStore(Path.of(".airlock", "images"), InstantSource.system())
                    .build(
                            Recipe.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)),
                            Path.of("target", "guest", "airlock-guest"),
                            System.err::println)
                    .boot();
        }
    }

    private String configuration() {
        return """
        id: 7
            limits: {memory: 2 GiB, pre_plan_time: 20m, plan_time: 20m}
            network:
              pre_plan:
                allow:
                  - mirror.example:%1$d = 127.0.0.1
                  - forge.example:%2$d = 127.0.0.1
        mirrors:
          debian: http://mirror.example:%1$d
          cargo: http://mirror.example:%1$d/crates/index
          npm: http://mirror.example:%1$d/npm
          pip: http://mirror.example:%1$d/pypi/simple
          go: http://mirror.example:%1$d/go
        """
                .formatted(server.port(), forge.url().getPort());
    }

    private String plan(String more) throws Exception {
        return """
        pre_plan:
          - action: cargo_fetch
          - action: npm_get
          - action: pip_download
          - action: go_mod_download
          - action: deb_get
            packages: [greeting]
            suite: tiny
            cert: &cert |
        %1$s
          - action: apt_upgrade_download
            suite: tiny
            cert: *cert
        %2$s
          - action: shell
            shell: |
              echo "marks: $(ls -A /ci/cache | grep mark)"
        plan:
          - action: apt_get
            packages: [greeting]
          - action: npm_ci
          - action: pip_install
          - action: shell
            shell: |
              dpkg -s tongue | grep ^Version
              node test.js
              python3 test.py
              GOCACHE=/tmp/go-cache GOFLAGS=-buildvcs=false go test ./...
              cargo generate-lockfile --offline
              cargo test --offline --locked
              env | grep -E '^(PIP_|GO|CARGO_NET)' | sort
              if [ -d /ci/deps/git ]; then ls /ci/deps/git/old; fi
        """
                .formatted(repository.certificate().indent(8).stripTrailing(), more);
    }

    /// Small projects, and files that leave a mark if anybody reads or runs them.
    private void fill(Path work) throws Exception {
        write(work, "Cargo.toml", TinyRegistries.cargoToml());
        write(work, "build.rs", "fn main() {}\n");
        write(
                work,
                "src/lib.rs",
                "#[test]\nfn rust_says_hello() {\n    assert_eq!(hello_dep::hello(), 1);\n}\n");
        write(work, "package.json", TinyRegistries.packageJson());
        write(work, "package-lock.json", TinyRegistries.packageLock());
        write(work, "test.js", "if (require('hello-dep') === 1) console.log('node says hello');\n");
        write(work, "requirements.txt", TinyRegistries.requirements());
        write(work, "test.py", "import hello_dep\nprint('python says', hello_dep.hello)\n");
        write(work, "go.mod", TinyRegistries.goMod());
        write(work, "go.sum", TinyRegistries.goSum());
        write(
                work,
                "user_test.go",
                """
                package user

                import (
                	"testing"

                	"hello.example/dep"
                )

                func TestHello(t *testing.T) {
                	if dep.Hello != 1 {
                		t.Fatal(dep.Hello)
                	}
                }
                """);
        write(work, "sitecustomize.py", "open('/ci/cache/mark-python', 'w')\n");
        write(work, ".npmrc", "registry=http://mirror.example:1/\n");
        write(work, "go.work", "go 1.19\n\nuse ./nowhere\n");
    }

    /// Those that only a fetch action must not see: they would be in the way of building, too.
    private static final List<String> TRAPS = List.of(".npmrc", "go.work", "sitecustomize.py");

    private static void write(Path work, String name, String text) throws Exception {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String log(Bot bot, String commit, String state) throws Exception {
        await().atMost(Duration.ofMinutes(30))
                .until(
                        () ->
                                !forge.states(commit, "airlock").isEmpty()
                                        && !forge.states(commit, "airlock")
                                                .getLast()
                                                .equals("pending"));
        String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
        assertThat(forge.states(commit, "airlock")).as(log).endsWith(state);
        return log;
    }

    private static String withoutTraps(String plan) {
        return plan.replace(
                "plan:\n  - action: apt_get",
                "plan:\n  - action: shell\n    shell: rm "
                        + String.join(" ", TRAPS)
                        + "\n  - action: apt_get");
    }

    @Test
    void everyClientFetchesByTheUplinkAndItsProjectIsBuiltWithoutANetwork() throws Exception {
        try (var bot = Bot.start(directory, forge, machines.host(), image(), configuration())) {
            var pushes = new Pushes(directory, forge);
            fill(Pushes.checkout(directory));
            String plan = withoutTraps(plan(""));

            registries.moduleSays(2);
            assertThat(log(bot, pushes.push(bot, plan), "failure"))
                    .contains("SECURITY ERROR", "hello.example/dep@v1.0.0", "go_mod_download: not");
            registries.moduleSays(1);
            List.of(GO_ZIP, CRATE, WHEEL, TARBALL).forEach(server::cutOnce);
            server.failOnce("/crates/index/he/ll/hello-dep");
            server.failOnce("/pypi/simple/hello-dep/");

            String first = pushes.push(bot, plan);
            String log = log(bot, first, "success");
            assertEverythingWorks(log);

            int before = server.requests().size();
            String again = withoutTraps(plan(gitFetch(first)));
            log = log(bot, pushes.push(bot, again), "success");
            assertEverythingWorks(log);
            assertThat(log)
                    .contains("old: " + first + " of http://forge.example", "\nCargo.toml\n");
            var requests = server.requests();
            assertThat(requests.subList(before, requests.size()))
                    .doesNotContain(GO_ZIP, CRATE, WHEEL, TARBALL)
                    .noneMatch(request -> request.startsWith("/pool/"));
        }
    }

    private String gitFetch(String commit) {
        return """
          - action: git_fetch
            url: http://forge.example:%d/alice/hello.git
            commit: '%s'
            directory: old
        """
                .formatted(forge.url().getPort(), commit)
                .stripTrailing();
    }

    private static void assertEverythingWorks(String log) {
        assertThat(log)
                .contains("\nmarks: \n")
                .contains("node says hello", "python says 1", "rust_says_hello ... ok")
                .containsPattern("ok\\s+user.example/user")
                .contains("\nVersion: 2.0\n")
                .contains("GOMODCACHE=/ci/deps/gomod", "GOPROXY=off", "CARGO_NET_OFFLINE=true")
                .contains("PIP_FIND_LINKS=/ci/deps/pip", "PIP_NO_INDEX=1");
    }
}
