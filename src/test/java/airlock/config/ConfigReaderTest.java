package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig.Accelerator;
import airlock.config.AirlockConfig.Listen;
import airlock.config.ConfinementConfig.Wall;
import airlock.config.RepositoryConfig.Exposure;
import airlock.event.ForgeKind;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.event.Subject;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReaderTest {
    private static final Path RESOURCES = Path.of("src/test/resources/airlock/config");

    @TempDir private Path directory;
    private ConfigFixture fixture;

    @BeforeEach
    void start() {
        fixture = new ConfigFixture(directory);
    }

    @Test
    void theLeastConfigurationHasTheDefaultsOfThePage() {
        AirlockConfig config = fixture.config(SMALL);
        assertThat(config.baseUrl()).isEqualTo(URI.create("https://ci.example.org"));
        assertThat(config.listen()).isEqualTo(new Listen("127.0.0.1", 8080));
        assertThat(config.metrics()).isEmpty();
        assertThat(config.state()).isEqualTo(Path.of("/var/lib/airlock"));
        assertThat(config.keyPlace())
                .isEqualTo(new KeyPlace.InState(Path.of("/var/lib/airlock/secret.key")));
        assertThat(config.sweepEvery()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.slots()).isEqualTo(1);
        assertThat(config.outsideAnHour()).isEqualTo(10);
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.accelerator()).isEqualTo(Accelerator.AUTO);
        assertThat(config.confinement())
                .isEqualTo(new ConfinementConfig(Set.of(), 512L << 20, "0.0"));
        assertThat(config.ready()).isEqualTo(new ReadyConfig(3, Duration.ofHours(1), 1L << 30));
        assertThat(config.keepFailed()).isEqualTo(new KeepConfig(0, Duration.ofMinutes(30)));
        assertThat(config.images())
                .containsExactly(
                        Map.entry("debian-13", new ImageConfig.BuiltIn("debian-13", "debian-13")));
        assertThat(config.defaultImage()).isEqualTo("debian-13");
        assertThat(config.trustedCode()).isTrue();
        assertThat(config.limits()).isEqualTo(Limits.STANDARD);
        assertThat(config.housekeeping()).isEqualTo(Housekeeping.STANDARD);
        assertThat(config.upstreamProxy()).isEmpty();
        assertThat(config.forges())
                .containsExactly(
                        Map.entry(
                                "berg",
                                new ForgeConfig(
                                        "berg",
                                        ForgeKind.FORGEJO,
                                        URI.create("https://berg.example.org"),
                                        Optional.empty(),
                                        new Secret("t-123"))));
    }

    @Test
    void theLeastRepositoryHasTheDefaultsOfThePage() {
        RepositoryConfig hello = fixture.config(SMALL).repositories().getFirst();
        assertThat(hello.pinnedId()).isEmpty();
        assertThat(hello.credentials())
                .isEqualTo(new FetchCredentials.ForgeToken(new Secret("t-123")));
        assertThat(hello.hookSecrets()).containsExactly(new Secret("0123456789abcdef"));
        assertThat(hello.image()).isEqualTo("debian-13");
        assertThat(hello.limits()).isEqualTo(Limits.STANDARD);
        assertThat(hello.retention()).isEqualTo(Retention.STANDARD);
        assertThat(hello.secrets()).isEqualTo(SecretsConfig.NOTHING);
        assertThat(hello.exposure()).isEqualTo(Exposure.PRIVATE);
        assertThat(hello.drafts() || hello.cancelRunning()).isFalse();
    }

    @Test
    void onlyTheDefaultBranchIsListedUnlessSaidOtherwise() {
        RepositoryConfig hello = fixture.config(SMALL).repositories().getFirst();
        assertThat(hello.lists(new Subject.Branch("refs/heads/main"))).isTrue();
        assertThat(hello.lists(new Subject.Branch("refs/heads/main2"))).isFalse();
        assertThat(hello.lists(new Subject.Tag("refs/tags/main"))).isFalse();
        assertThat(hello.lists(new Subject.Change(1, "main"))).isFalse();
    }

    @Test
    void everythingThatCanBeSaidOfTheServerIsRead() throws IOException {
        AirlockConfig config = full();
        assertThat(config.listen()).isEqualTo(new Listen("::1", 0));
        assertThat(config.metrics()).contains(new Listen("127.0.0.1", 9464));
        assertThat(config.state()).isEqualTo(directory.resolve("state"));
        assertThat(config.slots()).isEqualTo(4);
        assertThat(config.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(config.confinement())
                .isEqualTo(
                        new ConfinementConfig(
                                Set.of(Wall.OWN_USER, Wall.CONTROL_GROUP), 1L << 30, "10.0.2"));
        assertThat(config.ready()).isEqualTo(new ReadyConfig(0, Duration.ofMinutes(10), 4L << 30));
        assertThat(config.keepFailed()).isEqualTo(new KeepConfig(2, Duration.ofMinutes(45)));
        assertThat(config.images().get("mine"))
                .isEqualTo(new ImageConfig.Directory("mine", directory.resolve("img")));
        assertThat(config.limits().log()).isEqualTo(1_000_000);
    }

    @Test
    void anImageComesFromARecipeAFileOfOnesOwnOrWhatWasKept() throws IOException {
        fixture.write("key", "-----BEGIN\nabc\n", "rw-------");
        fixture.write("hosts", "hub.example.org ssh-ed25519 AAAA\n", "rw-r--r--");
        var config =
                fixture.config(
                        resource("full.yaml")
                                .replaceFirst(
                                        "(?m)^images:",
                                        """
                                        images:
                                          rust: {recipe: rust}
                                          own: {recipe: ./own.recipe}
                                          named: {recipe: own.recipe}
                                          hand: {kept: debian-13-by-hand}\
                                        """));

        assertThat(config.images())
                .containsEntry("rust", new ImageConfig.BuiltIn("rust", "rust"))
                .containsEntry(
                        "own", new ImageConfig.RecipeFile("own", directory.resolve("own.recipe")))
                .containsEntry(
                        "named",
                        new ImageConfig.RecipeFile("named", directory.resolve("own.recipe")))
                .containsEntry("hand", new ImageConfig.Kept("hand", "debian-13-by-hand"));
    }

    @Test
    void everythingThatCanBeSaidOfARepositoryIsRead() throws IOException {
        RepositoryConfig hello = full().repository("berg", "Alice/Hello").orElseThrow();
        assertThat(hello.pinnedId()).contains(new RepositoryId("berg", "42"));
        assertThat(hello.image()).isEqualTo("mine");
        assertThat(hello.secrets().drive())
                .containsExactlyInAnyOrder(Phase.PRE_PLAN, Phase.POST_PLAN);
        assertThat(hello.limits().memory()).isEqualTo(4L << 30);
        assertThat(hello.limits().cpus()).isEqualTo(1);
        assertThat(hello.limits().log()).isEqualTo(1_000_000);
        assertThat(hello.limits().time(Phase.PLAN)).isEqualTo(Duration.ofHours(2));
        assertThat(hello.lists(new Subject.Tag("refs/tags/v1"))).isTrue();
        assertThat(hello.exposure()).isEqualTo(Exposure.PUBLIC);
        assertThat(hello.drafts() && hello.cancelRunning()).isTrue();
    }

    @Test
    void whatARepositoryDoesNotSayItHasFromTheServer() throws IOException {
        AirlockConfig config = full();
        RepositoryConfig deep = config.repository("hub", "group/sub/deep").orElseThrow();
        assertThat(config.forgeOf(deep).api())
                .isEqualTo(URI.create("https://hub.example.org/api/v3"));
        assertThat(deep.limits().cpus()).isEqualTo(3);
        assertThat(deep.image()).isEqualTo("deb");
        assertThat(deep.hookSecrets()).hasSize(2);
        assertThat(deep.credentials())
                .isEqualTo(
                        new FetchCredentials.SshKey(
                                new Secret("-----BEGIN\nabc\n"), directory.resolve("hosts")));
    }

    private AirlockConfig full() throws IOException {
        fixture.write("key", "-----BEGIN\nabc\n", "rw-------");
        fixture.write("hosts", "hub.example.org ssh-ed25519 AAAA\n", "rw-r--r--");
        return fixture.config(resource("full.yaml"));
    }

    @Test
    void allProblemsOfAFileAreShownTogether() throws IOException {
        Path expected = RESOURCES.resolve("wrong.problems");
        String found = String.join("\n", fixture.problems(resource("wrong.yaml"))) + "\n";
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(expected, found);
        }
        assertThat(found).isEqualTo(Files.readString(expected));
    }

    private static String resource(String name) throws IOException {
        return Files.readString(RESOURCES.resolve(name));
    }

    static List<Arguments> wrongRepositories() {
        return List.of(
                Arguments.of(
                        "url: https://berg.example.org/alice/hello.git",
                        "url: ssh://git@b/x",
                        "ssh:// needs cred"),
                Arguments.of(
                        "url: https://berg.example.org/alice/hello.git",
                        "url: https://u:p@b/x",
                        "belongs into `cr"),
                Arguments.of(
                        "url: https://berg.example.org/alice/hello.git",
                        "url: file:///x",
                        "does not begin with http://,"),
                Arguments.of(
                        "url: https://berg.example.org/alice/hello.git",
                        "url: https://b",
                        "names no repository"),
                Arguments.of("name: alice/hello", "name: alice/../hello", "does not fit"),
                Arguments.of("name: alice/hello", "id: a b", "not a repository id"),
                Arguments.of(
                        "forge: berg",
                        "forge: berg\n  credentials: {}",
                        "one of token and ssh_key must be there"),
                Arguments.of(
                        "forge: berg",
                        "forge: berg\n  credentials: {ssh_key: {env: TOKEN}}",
                        "needs known_hosts"),
                Arguments.of("{env: HOOK}", "{env: HOOK, file: x}", "both file and env"),
                Arguments.of("{env: HOOK}", "{}", "neither file nor env"),
                Arguments.of("{env: HOOK}", "[]", "0 items; expected 1 to 2"));
    }

    static List<Arguments> wrongImages() {
        return List.of(
                Arguments.of(
                        "forges:",
                        "images: {x: {}}\nforges:",
                        "one of recipe, kept and directory must be there"),
                Arguments.of(
                        "forges:",
                        "images: {debian-13: {recipe: debain-13}}\nforges:",
                        "debian-packaging (did you mean 'debian-13'?)"),
                Arguments.of(
                        "forges:",
                        "images: {debian-13: {recipe: base, kept: mine}}\nforges:",
                        "one of recipe, kept and directory must be there"),
                Arguments.of(
                        "forges:",
                        "images: {debian-13: {kept: ../mine}}\nforges:",
                        "'../mine' does not fit"),
                Arguments.of(
                        "forges:",
                        "images: {x: {recipe: debian-13}}\nforges:",
                        "key 'default_image' is missing"));
    }

    static List<Arguments> wrongServers() {
        return List.of(
                Arguments.of(
                        "https://ci.example.org/",
                        "https://ci.example.org/?a",
                        "has a ? or # in it"),
                Arguments.of(
                        "https://ci.example.org/",
                        "https://a:b@ci.example.org",
                        "has a user or password in it"),
                Arguments.of("https://ci.example.org/", "https:///", "has no host"),
                Arguments.of("forges:", "state: ~/airlock\nforges:", "~ is not expanded here"),
                Arguments.of(
                        "forges:",
                        "confinement: {require: [namespace]}\nforges:",
                        "(did you mean 'namespaces'?)"),
                Arguments.of(
                        "forges:",
                        "confinement: {qemu_memory: 1 MiB}\nforges:",
                        "'1 MiB' is too small"),
                Arguments.of(
                        "forges:", "listen: 127.0.0.1:99999\nforges:", "port 99999 is above 65535"),
                Arguments.of(
                        "forges:",
                        "limits: {memory: 1 MiB}\nforges:",
                        "'1 MiB' is too small; expected a size"),
                Arguments.of(
                        "forges:",
                        "limits: {plan_time: 30}\nforges:",
                        "which needs a unit; expected a duration"));
    }

    @ParameterizedTest
    @MethodSource({"wrongRepositories", "wrongImages", "wrongServers"})
    void oneMistakeGetsOneReason(String right, String wrong, String reason) {
        String text = SMALL.replace(right, wrong);
        assertThat(text).isNotEqualTo(SMALL);
        assertThat(fixture.problems(text)).last().asString().contains(reason);
    }

    @Test
    void aRepositoryIsThereOnce() {
        String second = SMALL.substring(SMALL.indexOf("- name"));
        assertThat(fixture.problems(SMALL + second.replace("alice/hello", "Alice/hello")))
                .containsExactly("airlock.yaml:9:9: repositories[1].name: duplicate repository");
        String third = "  id: 7\n" + second.replace("alice/hello\n", "b/b\n") + "  id: 7\n";
        assertThat(fixture.problems(SMALL + third))
                .containsExactly(
                        "airlock.yaml:14:7: repositories[1].id: another repository of this forge"
                                + " has the same id");
    }

    @Test
    void whatWorksButShouldNotIsAWarning() {
        String text =
                SMALL.replace("https://", "http://").replace("{env: HOOK}", "{env: TOKEN}")
                        + "  credentials: {token: {env: TOKEN}}\n";
        assertThat(fixture.warnings(text))
                .containsExactly(
                        "airlock.yaml:1:11: warning: base_url: http shows private pages to the"
                                + " network; use https",
                        "airlock.yaml:3:30: warning: forges.berg.url: http sends the token in"
                                + " clear text; use https",
                        "airlock.yaml:8:16: warning: repositories[0].hook_secret: shorter than 16"
                                + " characters, so it can be guessed",
                        "airlock.yaml:9:24: warning: repositories[0].credentials.token: http sends"
                                + " the token in clear text; use https");
    }

    @Test
    void whoMaySeeARepositoryIsSaidWithThreeWords() {
        for (var said :
                Map.of(
                                "true", Exposure.PUBLIC,
                                "false", Exposure.PRIVATE,
                                "ask", Exposure.AS_THE_FORGE)
                        .entrySet()) {
            var config = fixture.config(SMALL + "  public: " + said.getKey() + "\n");
            assertThat(config.repositories().getFirst().exposure()).isEqualTo(said.getValue());
        }
        for (String wrong : List.of("yes", "Ask", "1", "[]")) {
            assertThat(only(fixture.problems(SMALL + "  public: " + wrong + "\n")))
                    .contains("expected true, false or ask");
        }
    }

    @Test
    void metricsThatTheNetworkMayReadAreAWarning() {
        assertThat(fixture.warnings(SMALL + "metrics: 127.0.0.1:9464\n")).isEmpty();
        assertThat(fixture.warnings(SMALL + "metrics: '[::1]:9464'\n")).isEmpty();
        assertThat(only(fixture.warnings(SMALL + "metrics: 0.0.0.0:9464\n")))
                .contains("anyone on the network can read the metrics");
    }

    @Test
    void loopbackNeedsNoTls() {
        String text =
                SMALL.replace("https://ci.example.org/", "http://127.0.0.1:8080")
                        .replace("https://berg.example.org,", "'http://[::1]:3000',");
        assertThat(fixture.warnings(text)).isEmpty();
    }

    @Test
    void aMissingFileSaysHowToMakeOne() {
        var reading = new ConfigReader(Map.of()).read(directory.resolve("none.yaml"));
        assertThat(only(ReadingFixture.problems(reading)))
                .endsWith("none.yaml:1:1: no such file; `airlock init` writes one to start from");
    }

    @Test
    void whatCannotBeReadIsAProblemNotAnException() {
        var reading = new ConfigReader(Map.of()).read(directory);
        assertThat(only(ReadingFixture.problems(reading))).contains("can't be read: ");
    }

    @Test
    void thePublicGithubHasItsApiElsewhere() {
        String text =
                SMALL.replace(
                        "forgejo, url: https://berg.example.org",
                        "github, url: https://github.com");
        AirlockConfig config = fixture.config(text);
        assertThat(config.forgeOf(config.repositories().getFirst()).api())
                .isEqualTo(URI.create("https://api.github.com"));
    }
}
