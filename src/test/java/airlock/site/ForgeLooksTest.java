package airlock.site;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.event.Delivery;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.forge.AnonymousLook;
import airlock.forge.AnonymousLook.Answer;
import airlock.queue.Intake;
import airlock.queue.Pins;
import airlock.secrets.ReadTokens;
import airlock.store.Database;
import airlock.web.ShownRepository;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// T10: who sees what, by configuration, forge and token.
class ForgeLooksTest {
    private static final RepositoryId ASKED = new RepositoryId("berg", "1");
    private static final RepositoryId SAID = new RepositoryId("berg", "2");
    private static final RepositoryId HIDDEN = new RepositoryId("berg", "3");

    @TempDir Path folder;
    private Database database;
    private Configured configured;
    private Pins pins;
    private ForgeLooks looks;
    private ReadTokens tokens;
    private ReadAccess readers;
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private Answer answer = new Answer.Shown();
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("airlock.db"));
        pins = new Pins(database);
        configured = new Configured(config(), pins);
        AnonymousLook look =
                repository -> {
                    asked.add(repository.fullName());
                    return answer;
                };
        looks = new ForgeLooks(configured, Map.of("berg", look), () -> now);
        tokens = new ReadTokens(database, () -> now);
        readers = new ReadAccess(configured, looks, tokens);
    }

    @AfterEach
    void close() {
        looks.close();
        database.close();
    }

    private AirlockConfig config() throws IOException {
        Path file = folder.resolve("airlock.yaml");
        var text =
                new StringBuilder(
                        """
                        base_url: https://ci.example.org
                        forges:
                          berg: {kind: forgejo, url: https://berg.example.org, token: {env: TOKEN}}
                        repositories:
                        """);
        text.append(repository("asked", "1", "ask"))
                .append(repository("said", "2", "true"))
                .append(repository("hidden", "3", "false"))
                .append(repository("new", "0", "false").replace("  id: 0\n", ""));
        Files.writeString(file, text);
        return ReadingFixture.value(
                new ConfigReader(Map.of("TOKEN", "0123456789abcdef")).read(file));
    }

    private static String repository(String name, String id, String exposure) {
        return """
        - name: alice/%1$s
          forge: berg
          id: %2$s
          url: https://berg.example.org/alice/%1$s.git
          hook_secret: {env: TOKEN}
          public: %3$s
        """
                .formatted(name, id, exposure);
    }

    @Test
    void whoseIdNobodyKnowsCostsNoReadOfTheDatabase() {
        long reads = database.use().reads();
        for (int i = 0; i < 100; i++) {
            assertThat(configured.configOf(new RepositoryId("berg", "1" + i))).isEmpty();
            assertThat(configured.idOf(configured.at("berg/alice/new").orElseThrow())).isEmpty();
        }
        assertThat(database.use().reads()).isEqualTo(reads);
        pinned(new RepositoryId("berg", "9"));
        assertThat(configured.configOf(new RepositoryId("berg", "9")))
                .isEqualTo(configured.at("Berg/Alice/New"));
    }

    private void pinned(RepositoryId id) {
        var delivery = new Delivery("berg/alice/new", "1", "star", now, new byte[] {1}, "hash");
        new Intake(database, () -> now, (_, _) -> {}, pins)
                .keepNothing(delivery, Optional.of(id), "a star");
    }

    private List<RepositoryId> shownTo(Optional<Secret> token) {
        return readers.of(token).repositories().stream().map(ShownRepository::id).toList();
    }

    private List<RepositoryId> shownToAnybody() {
        return shownTo(Optional.empty());
    }

    @Test
    void whatNobodyHasAskedAboutIsPrivate() {
        assertThat(shownToAnybody()).containsExactly(SAID);
    }

    @Test
    void onlyWhatIsToBeAskedAboutIsAskedAbout() {
        assertThat(looks.lookOnce("berg")).isEqualTo(1);
        assertThat(asked).containsExactly("alice/asked");
    }

    @Test
    void whatTheForgeShowsToEverybodyIsPublicForTenMinutes() {
        looks.lookOnce("berg");
        assertThat(shownToAnybody()).containsExactly(ASKED, SAID);
        now = now.plus(ForgeLooks.FRESH).minusMillis(1);
        assertThat(shownToAnybody()).containsExactly(ASKED, SAID);
        now = now.plusMillis(1);
        assertThat(shownToAnybody()).containsExactly(SAID);
    }

    @Test
    void whatTheForgeHidesIsPrivateAtOnce() {
        looks.lookOnce("berg");
        now = now.plus(Duration.ofMinutes(4));
        answer = new Answer.Hidden("404");
        looks.lookOnce("berg");
        assertThat(shownToAnybody()).containsExactly(SAID);
    }

    @Test
    void aForgeThatIsAwayTakesNothingBackBeforeTheTenMinutesAreOver() {
        looks.lookOnce("berg");
        answer = new Answer.Unclear("it is away", Duration.ZERO);
        now = now.plus(Duration.ofMinutes(5));
        looks.lookOnce("berg");
        assertThat(shownToAnybody()).containsExactly(ASKED, SAID);
        now = now.plus(Duration.ofMinutes(5));
        assertThat(looks.lookOnce("berg")).isEqualTo(1);
        assertThat(shownToAnybody()).containsExactly(SAID);
    }

    @Test
    void readersNeverMakeItAsk() {
        for (int i = 0; i < 5; i++) {
            shownToAnybody();
            now = now.plus(Duration.ofHours(1));
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void itAsksAgainBeforeTheAnswerIsTooOldAndNotMoreOften() {
        for (int minute = 0; minute < 60; minute++) {
            looks.lookOnce("berg");
            assertThat(shownToAnybody()).contains(ASKED);
            now = now.plus(Duration.ofMinutes(1));
        }
        assertThat(asked).hasSize(15);
    }

    @Test
    void aForgeThatWantsRestGetsIt() {
        answer = new Answer.Unclear("too much", Duration.ofMinutes(30));
        looks.lookOnce("berg");
        now = now.plus(Duration.ofMinutes(29));
        assertThat(looks.lookOnce("berg")).isZero();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(looks.lookOnce("berg")).isEqualTo(1);
    }

    @Test
    void aClockThatIsSetBackMakesItAskAgainInsteadOfTrustingWhatItKnew() {
        looks.lookOnce("berg");
        now = now.minus(Duration.ofDays(1));
        assertThat(shownToAnybody()).containsExactly(SAID);
        assertThat(looks.lookOnce("berg")).isEqualTo(1);
        assertThat(shownToAnybody()).containsExactly(ASKED, SAID);
    }

    @Test
    void aTokenOpensItsRepositoriesBesideWhatIsPublic() {
        var made =
                tokens.make("one", List.of(HIDDEN, ASKED), Duration.ofDays(1), "ada").orElseThrow();
        var holder = Optional.of(made);
        assertThat(shownTo(holder)).containsExactly(ASKED, SAID, HIDDEN);
        tokens.revoke("one");
        assertThat(shownTo(holder)).isEqualTo(shownToAnybody());
    }

    @Test
    void aTokenIsLookedUpOnceHoweverManyRepositoriesThereAre() {
        var before = database.use();
        shownToAnybody();
        assertThat(database.use()).as("nobody's token costs no look").isEqualTo(before);
        var made = tokens.make("one", List.of(HIDDEN), Duration.ofDays(1), "ada").orElseThrow();
        long reads = database.use().reads();
        shownTo(Optional.of(made));
        assertThat(database.use().reads() - reads).isEqualTo(1);
    }
}
