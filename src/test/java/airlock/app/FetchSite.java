package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.plan.AptRepository;
import airlock.plan.FileServer;
import airlock.plan.TinyMaven;
import airlock.plan.TinyRegistries;
import airlock.vm.BootFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/// The set-up of tests of fetch actions in real VMs: a server on loopback with a registry of each
/// kind and a git repository, a bot, and a checkout with projects to push.
///
/// @param commit what `other.git` at the server has
record FetchSite(
        Path directory,
        RealMachines machines,
        LoopbackForge forge,
        AptRepository repository,
        TinyRegistries registries,
        TinyMaven maven,
        FileServer server,
        String commit)
        implements AutoCloseable {
    /// Where each client's own file is at the server. Its packages are called hello, or dep of
    /// hello.
    static final String CRATE = "/crates/dl/hello-dep";

    static final String TARBALL = "/npm/hello-dep/-/hello-dep-1.0.0.tgz";
    static final String WHEEL = "/pypi/files/hello_dep-1.0.0-py3-none-any.whl";
    static final String GO_ZIP = "/go/hello.example/dep/@v/v1.0.0.zip";
    static final String JAR = "/maven" + TinyMaven.HELLO + ".jar";
    /// The same repository at another address, so that Maven's requests are not Gradle's.
    static final String GRADLE_JAR = "/gradle" + TinyMaven.HELLO + ".jar";

    static final String GIT = "/alice/other.git/git-upload-pack";
    private static final int NOISE = 20_000;

    static FetchSite start(Path directory) throws Exception {
        String lacks = TinyMaven.lacks();
        assumeTrue(lacks.isEmpty(), lacks);
        Path served = Files.createDirectory(directory.resolve("served"));
        var repository = AptRepository.make(served, directory.resolve("keys"));
        var forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        forge.host(8, "alice/other", directory.resolve("other.git"), false);
        var server = new FileServer(served);
        server.relay("/alice", forge.url());
        var maven = TinyMaven.make(served.resolve("maven"));
        server.beside("/maven/", TinyMaven.LOCAL);
        server.beside("/gradle/", maven.folder());
        server.beside("/gradle/", TinyMaven.LOCAL);
        var site =
                new FetchSite(
                        directory,
                        RealMachines.in(directory),
                        forge,
                        repository,
                        TinyRegistries.make(served, "http://mirror.example:" + server.port()),
                        maven,
                        server,
                        other(directory));
        FetchProjects.fill(Checkout.work(directory), maven);
        return site;
    }

    private static String other(Path directory) throws Exception {
        String bare = directory.resolve("other.git").toString();
        String work = directory.resolve("other").toString();
        Programs.run("git", "init", "-q", "-b", "main", work);
        // so much that what is in the middle of git's answer is of this file
        byte[] noise = new byte[NOISE];
        new Random(7).nextBytes(noise);
        Files.write(Path.of(work, "noise"), noise);
        Programs.run("git", "-C", work, "add", "noise");
        Programs.run("git", "-C", work, "config", "user.name", "A");
        Programs.run("git", "-C", work, "config", "user.email", "a@example.org");
        Programs.run("git", "-C", work, "commit", "-q", "-mx");
        Programs.run("git", "-C", work, "push", "-q", bare, "main");
        return Programs.run("git", "-C", work, "rev-parse", "HEAD").strip();
    }

    private static BootFiles image() throws Exception {
        return new ImageStore(Path.of(".airlock", "images"), InstantSource.system())
                .build(
                        Recipe.parse(
                                Files.readString(
                                        Path.of("src/test/resources/clients/clients.recipe"))),
                        Path.of("target", "guest", "airlock-guest"),
                        System.err::println)
                .boot();
    }

    static List<String> files() throws Exception {
        return List.of(CRATE, TARBALL, WHEEL, GO_ZIP, deb("tongue_2.0"), JAR, GRADLE_JAR, GIT);
    }

    Bot bot() throws Exception {
        return Bot.start(directory, forge, machines.host(), image(), configuration());
    }

    private String configuration() {
        return """
        id: 7
            limits: {memory: 2 GiB, pre_plan_time: 40m, plan_time: 40m}
            network:
              pre_plan:
                allow:
                  - mirror.example:%1$d = 127.0.0.1
        mirrors:
          debian: http://mirror.example:%1$d
          cargo: http://mirror.example:%1$d/crates/index
          npm: http://mirror.example:%1$d/npm
          pip: http://mirror.example:%1$d/pypi/simple
          go: http://mirror.example:%1$d/go
          maven: http://mirror.example:%1$d/maven
          gradle: http://mirror.example:%1$d/gradle
        """
                .formatted(server.port());
    }

    /// A pre_plan in which every client fetches, whatever became of those before it.
    ///
    /// @param commit of `other.git`
    /// @param goals for Maven
    /// @param artifacts for Maven, in brackets
    String fetches(String commit, String goals, String artifacts) throws Exception {
        return """
        pre_plan:
          - action: cargo_fetch
          - action: npm_get
            if: always
          - action: pip_download
            if: always
          - action: go_mod_download
            if: always
          - action: deb_get
            if: always
            packages: [greeting]
            suite: tiny
            cert: &cert |
        %s
          - action: maven_fetch
            if: always
            goals: [%s]
            artifacts: %s
          - action: gradle_fetch
            if: always
          - action: git_fetch
            if: always
            url: http://mirror.example:%d/alice/other.git
            commit: '%s'
            directory: old
        """
                .formatted(
                        repository.certificate().indent(8).stripTrailing(),
                        goals,
                        artifacts,
                        server.port(),
                        commit);
    }

    /// The file of a package.
    ///
    /// @param name with its version
    static String deb(String name) throws Exception {
        return "/pool/%s_%s.deb".formatted(name, AptRepository.architecture());
    }

    /// Pushes a plan, and gives the log of its run, which must end in `state`.
    String run(Bot bot, String plan, String state) throws Exception {
        String commit = new Pushes(directory, forge).push(bot, plan);
        await().atMost(Duration.ofHours(1))
                .until(
                        () ->
                                forge.states(commit, "airlock").stream()
                                        .anyMatch(told -> !told.equals("pending")));
        String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
        assertThat(forge.states(commit, "airlock")).as(log).endsWith(state);
        return log;
    }

    @Override
    public void close() {
        server.close();
        Programs.run("gpgconf", "--homedir", directory.resolve("keys") + "", "--kill", "gpg-agent");
        forge.close();
        machines.close();
    }
}
