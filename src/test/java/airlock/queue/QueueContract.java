package airlock.queue;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.TrustClass;
import airlock.queue.Planning.NewRun;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Gives each test a queue and one server. Subclasses for other databases override [#open(Path)].
abstract class QueueContract {
    static final NewRun MAIN =
            NewRun.own(
                    "main",
                    "",
                    ".airlock.yaml",
                    "plan: []".getBytes(StandardCharsets.UTF_8),
                    "/tars/x.tar");

    @TempDir Path directory;
    Database database;
    QueueFixture queue;
    Claims server;

    Database open(Path folder) {
        return Database.open(folder.resolve("state.db"));
    }

    @BeforeEach
    void openIt() {
        database = open(directory);
        queue = new QueueFixture(database);
        server = queue.server("one");
    }

    /// A claimed run of a push to `main`.
    ClaimedRun running() {
        queue.requested(QueueFixture.push("main", CommitId.NONE, QueueFixture.commit('a')));
        return claimRun(TrustClass.LISTED);
    }

    ClaimedRequest claim() {
        return server.claimRequest().orElseThrow();
    }

    /// Turns the next request into one run and claims that.
    ClaimedRun claimRun(TrustClass trust) {
        var request = claim();
        assertThat(queue.planning.planned(request, trust, request.commit(), List.of(MAIN)))
                .isTrue();
        return server.claimRun().orElseThrow();
    }

    @AfterEach
    void closeIt() {
        database.close();
    }
}
