package airlock.source;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A git server with repositories, and a fetcher for them.
final class Forge implements AutoCloseable {
    static final List<String> PLAN_FILES =
            List.of(".airlock.yaml", ".airlock/*.yaml", ".radicle/ambient.yaml");

    /// Small enough for a test to reach.
    static final SourceLimits SMALL =
            new SourceLimits(100_000, 20, 50_000, 200, 5, 1000, Duration.ofSeconds(60));

    final Path directory;
    final GitServer server;
    final ProcessFetcher fetcher;
    private final AtomicInteger repositories = new AtomicInteger();

    Forge(Path directory) throws IOException {
        this(directory, 0);
    }

    /// @param spares how many processes wait for orders
    Forge(Path directory, int spares) throws IOException {
        this.directory = directory;
        server = new GitServer(directory.resolve("forge"));
        fetcher = new ProcessFetcher(state(), Sandbox.NONE, 2, spares);
    }

    Path state() {
        return directory.resolve("state");
    }

    /// A new repository.
    Repo repo() {
        String name = "repo" + repositories.incrementAndGet();
        return new Repo(
                GitRepo.create(directory.resolve("forge").resolve(name)),
                name,
                server.url(name),
                new FetchCredentials.None(),
                SourceLimits.DEFAULT);
    }

    Repo repoWithACommit() {
        var repo = repo();
        repo.git().write("a", "1").commit("first");
        return repo;
    }

    /// A repository at the forge and its configuration.
    record Repo(
            GitRepo git, String name, URI url, FetchCredentials credentials, SourceLimits limits) {
        Repo with(FetchCredentials other) {
            return new Repo(git, name, url, other, limits);
        }

        Repo with(SourceLimits other) {
            return new Repo(git, name, url, credentials, other);
        }

        Repo with(URI other) {
            return new Repo(git, name, other, credentials, limits);
        }

        RemoteRepository remote() {
            return new RemoteRepository(new RepositoryId("forge", name), url, credentials, limits);
        }
    }

    Fetched fetch(Repo repo, String ref, CommitId commit) throws InterruptedException {
        return fetcher.fetch(new Wanted(repo.remote(), ref, commit, CommitPlace.TIP, PLAN_FILES));
    }

    Fetched fetchMain(Repo repo) throws InterruptedException {
        return fetch(repo, "refs/heads/main", repo.git().resolve("main"));
    }

    Source source(Repo repo) throws InterruptedException {
        return source(fetchMain(repo));
    }

    static Source source(Fetched fetched) {
        if (fetched instanceof Source source) {
            return source;
        }
        throw new AssertionError("fetched " + fetched);
    }

    Path mirror(Repo repo) {
        return state().resolve("mirrors/forge_" + repo.name() + ".git");
    }

    @Override
    public void close() {
        fetcher.close();
        server.close();
    }
}
