package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.app.StoredRuns;
import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.control.Command;
import airlock.control.ControlException;
import airlock.control.Reply;
import airlock.event.Phase;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.queue.ClaimedRun;
import airlock.results.PhaseView.PlaceUse;
import airlock.site.Core;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkCommandsTest {
    @TempDir Path folder;
    private final List<Reply> replies = new ArrayList<>();
    private StoredRuns runs;
    private NetworkCommands commands;

    @BeforeEach
    void open() throws IOException {
        runs = new StoredRuns(folder);
        var core =
                Core.of(
                        config(),
                        folder,
                        runs.database,
                        MachineHealth.unknown(),
                        InstantSource.system());
        commands = new NetworkCommands(core.configured(), runs.views);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private AirlockConfig config() throws IOException {
        Path file = folder.resolve("airlock.yaml");
        Files.writeString(
                file,
                """
                base_url: https://ci.example.org
                forges:
                  forge: {kind: forgejo, url: https://berg.example.org, token: {env: TOKEN}}
                repositories:
                - name: ann/widget
                  forge: forge
                  id: 1
                  url: https://berg.example.org/ann/widget
                  hook_secret: {env: TOKEN}
                  network:
                    pre_plan:
                      mode: observe
                      allow:
                      - {host: "*.files.example", comment: 'what "people" send'}
                      - git.lan:22 = 10.0.0.1
                - name: ann/new
                  forge: forge
                  url: https://berg.example.org/ann/new
                  hook_secret: {env: TOKEN}
                """);
        return ReadingFixture.value(
                new ConfigReader(Map.of("TOKEN", "0123456789abcdef")).read(file));
    }

    private ClaimedRun connected(Phase phase, String... places) {
        var run = runs.running();
        runs.records.begun(StoredRuns.key(run, phase), "none", List.of());
        var uses = new ArrayList<PlaceUse>();
        for (String place : places) {
            uses.add(new PlaceUse(place, 2, 10, 300, 0, ""));
        }
        runs.records.connected(StoredRuns.key(run, phase), uses);
        runs.end(run);
        return run;
    }

    private List<String> suggested(int most) {
        replies.clear();
        assertThat(commands.suggest(new Command.SuggestNetwork("ann/widget", most), replies::add))
                .isEqualTo(new Reply.Done(""));
        return replies.stream()
                .map(Reply.Place.class::cast)
                .map(place -> place.phase() + " " + place.place())
                .toList();
    }

    @Test
    void placesOfTheNewestRunsAreToldByTheEntriesThatLetThem() {
        connected(Phase.PRE_PLAN, "old.example:443");
        connected(
                Phase.PRE_PLAN,
                "a.files.example:443",
                "a.files.example:80",
                "git.lan:22",
                "other places",
                "x:443443443443");
        connected(Phase.POST_PLAN, "git.lan:22");

        assertThat(suggested(2))
                .containsExactly(
                        "post_plan git.lan:22",
                        "pre_plan {host: \"*.files.example:443\", comment: \"what \\\"people\\\""
                                + " send\"}",
                        "pre_plan a.files.example:80",
                        "pre_plan git.lan:22 = 10.0.0.1",
                        "pre_plan other places",
                        "pre_plan x:443443443443");
        assertThat(suggested(20)).contains("pre_plan old.example:443");
    }

    @Test
    void whatAnEntryIsForStandsBesideThePlacesThatItLets() {
        var run = connected(Phase.PRE_PLAN, "a.files.example:443", "git.lan:22", "other places");

        assertThat(commands.ofRun(run.id(), replies::add)).isEqualTo(new Reply.Done(""));
        assertThat(replies)
                .map(Reply.Place.class::cast)
                .map(place -> place.place() + " " + place.comment().orElse(""))
                .containsExactly(
                        "a.files.example:443 what \"people\" send", "git.lan:22 ", "other places ");
    }

    @Test
    void whatStrangersTriedIsNotSuggested() {
        var run = connected(Phase.PRE_PLAN, "evil.example:443");
        runs.database.write(
                handle ->
                        handle.execute(
                                "UPDATE run SET trust = 'outside' WHERE id = ?", run.id().text()));

        assertThat(suggested(20)).isEmpty();
    }

    @Test
    void aRepositoryThatNobodyKnowsOrThatHasNoIdYetSaysSo() {
        for (String name : List.of("ann/gone", "ann/new")) {
            var command = new Command.SuggestNetwork(name, 1);
            assertThatThrownBy(() -> commands.suggest(command, replies::add))
                    .isInstanceOf(ControlException.class);
        }
        assertThat(replies).isEmpty();
    }
}
