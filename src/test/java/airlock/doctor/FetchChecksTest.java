package airlock.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.event.CommitId;
import airlock.machine.Finding;
import airlock.machine.Finding.Level;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.Refused;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FetchChecksTest {
    private static final CommitId COMMIT = new CommitId("12".repeat(20));

    @TempDir Path directory;
    private final Map<String, Listing> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();

    /// Answers by the last part of the address.
    private final class Canned implements SourceFetcher {
        @Override
        public Listing tips(RemoteRepository repository, List<String> prefixes) {
            asked.incrementAndGet();
            String name = Path.of(repository.url().getPath()).getFileName().toString();
            return Objects.requireNonNull(answers.get(name));
        }

        @Override
        public Fetched fetch(Wanted wanted) {
            throw new AssertionError("the doctor downloads nothing");
        }

        @Override
        public Reachable reachable(
                RemoteRepository repository, CommitId commit, List<String> branches) {
            throw new AssertionError("the doctor downloads nothing");
        }

        @Override
        public Changed changed(RemoteRepository repo, String ref, CommitId from, CommitId to) {
            throw new AssertionError("the doctor downloads nothing");
        }
    }

    private AirlockConfig config(List<String> names) throws IOException {
        var text =
                new StringBuilder(
                        """
                        base_url: https://ci.example.org
                        forges: {home: {kind: gitea, url: "https://forge.example.org", token: {env: T}}}
                        repositories:
                        """);
        for (String name : names) {
            text.append(
                    "  - {name: a/%1$s, forge: home, url: 'https://git.example.org/a/%1$s'}\n"
                            .formatted(name));
        }
        Path file = Files.writeString(directory.resolve("airlock.yaml"), text);
        return ReadingFixture.value(new ConfigReader(Map.of("T", "token")).read(file));
    }

    private List<Finding> look(String... names) throws Exception {
        return new FetchChecks(new Canned()).look(config(List.of(names)));
    }

    private static Listing tips(String ref) {
        return new Listing.Tips(List.of(new Listing.Tip(ref, COMMIT, COMMIT)));
    }

    @Test
    void saysOfEachRepositoryWhetherItCanBeFetched() throws Exception {
        answers.put("one", tips("refs/heads/main"));
        answers.put("two", tips("refs/heads/mainly"));
        answers.put("three", new Unreachable("it asks for a login", false));
        answers.put("four", new Refused("too many refs"));
        assertThat(look("one", "two", "three", "four"))
                .containsExactly(
                        Finding.good("fetching home/a/one", "works"),
                        Finding.warning(
                                "fetching home/a/two",
                                "works, but there is no branch main",
                                "set `default_branch`, unless the repository is still empty"),
                        Finding.bad(
                                "fetching home/a/three",
                                "it asks for a login",
                                "correct the repository's `url` or `credentials`"
                                        + " (docs/configuration.md)"),
                        Finding.bad("fetching home/a/four", "too many refs", "see the message"));
    }

    @Test
    void asksAForgeThatIsAwayNoMoreThanOnce() throws Exception {
        answers.put("one", new Unreachable("connection refused", true));
        var findings = look("one", "two", "three");
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().level()).isEqualTo(Level.BAD);
        assertThat(findings.getFirst().cure()).isEqualTo("can this machine reach git.example.org?");
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksForNoMoreThanFiftyOfAForge() throws Exception {
        var names = IntStream.range(0, 60).mapToObj(i -> "r" + i).toList();
        names.forEach(name -> answers.put(name, tips("refs/heads/main")));
        var findings = new FetchChecks(new Canned()).look(config(names));
        assertThat(asked).hasValue(50);
        assertThat(findings.getLast().seen()).contains("first 50");
    }
}
