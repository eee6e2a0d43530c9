package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.RepositoryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFetcherTest {
    private static final List<String> PLAN_FILES =
            List.of(".airlock.yaml", ".radicle/ambient.yaml");

    @TempDir Path temporary;
    private GitRepo repo;
    private GitServer server;
    private ProcessFetcher fetcher;
    private RemoteRepository remote;

    @BeforeEach
    void start() throws IOException {
        repo = GitRepo.create(temporary.resolve("forge/ada/repo"));
        server = new GitServer(temporary.resolve("forge"));
        fetcher = new ProcessFetcher(temporary.resolve("state"), ChildJvm.likeThisOne(), 2);
        remote = remote(new FetchCredentials.None());
    }

    @AfterEach
    void stop() {
        fetcher.close();
        server.close();
    }

    private RemoteRepository remote(FetchCredentials credentials) {
        return new RemoteRepository(
                new RepositoryId("forge", "7"),
                server.url("ada/repo"),
                credentials,
                SourceLimits.DEFAULT);
    }

    private Wanted wanted(String ref, CommitId commit) {
        return new Wanted(remote, ref, commit, Place.TIP, PLAN_FILES);
    }

    @Test
    void aBranchsTipBecomesATarWithItsPlanFiles() throws Exception {
        repo.write(".airlock.yaml", "plan: []\n").write("src/main.c", "int main;\n");
        CommitId commit = repo.commit("first");

        Fetched fetched = fetcher.fetch(wanted("refs/heads/main", commit));

        assertThat(fetched).isInstanceOf(Source.class);
        var source = (Source) fetched;
        assertThat(source.commit()).isEqualTo(commit);
        assertThat(source.tip()).isEqualTo(commit);
        assertThat(source.tree()).isEqualTo(repo.git("rev-parse", "HEAD^{tree}"));
        assertThat(source.bytes()).isEqualTo(Files.size(source.tar()));
        assertThat(source.planFiles())
                .singleElement()
                .isInstanceOfSatisfying(
                        PlanFile.Content.class,
                        file -> {
                            assertThat(file.path()).isEqualTo(".airlock.yaml");
                            assertThat(file.bytes()).asString().isEqualTo("plan: []\n");
                        });
    }
}
