package airlock.source;

import airlock.base.Trees;
import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.sandbox.Landlock;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Asks each question in a process of its own.
///
/// Below the state directory: `mirrors/` with a bare repository for each configured one,
/// `sources/` with their tars, both once more in `outside/` for changes from outside; `fetch/` with
/// the processes' homes. A process writes its home alone, where the mirror of its order lies while
/// it works: [Lender].
public final class ProcessFetcher implements SourceFetcher, Closeable {
    private final Path state;
    private final Lender lender;

    /// Addresses that asked for a login.
    private final Set<URI> loginNeeded = ConcurrentHashMap.newKeySet();

    /// Removes what the processes of a killed server left, and starts those that wait for orders.
    ///
    /// @param state the state directory, which no other server uses
    /// @param atOnce how many processes may work for one forge at the same time; each forge has
    ///     its own, so that one that is silent holds up no other
    public ProcessFetcher(Path state, ChildJvm jvm, int atOnce) {
        this.state = state.toAbsolutePath();
        Path homes = this.state.resolve("fetch");
        FetchWorker.removeHomes(homes);
        removeMixedMirrors(this.state.resolve("mirrors"));
        this.lender = new Lender(new FetchPool(() -> FetchWorker.start(jvm, homes)), atOnce);
    }

    /// Before there was a folder for changes from outside, their commits were in the mirrors of
    /// the repositories themselves.
    private static void removeMixedMirrors(Path mirrors) {
        Path outside = mirrors.resolve(SourceFiles.OUTSIDE);
        try {
            if (!Files.exists(outside)) {
                Trees.remove(mirrors);
                Files.createDirectories(outside);
            }
        } catch (IOException e) {
            throw new SourceException("cannot prepare the mirrors in " + mirrors, e);
        }
    }

    @Override
    public Fetched fetch(Wanted wanted) throws InterruptedException {
        Path mirror = mirror(wanted.repository());
        Path used =
                switch (wanted.git()) {
                    case NONE, SHALLOW -> mirror;
                    case FULL -> Mirror.fullOf(mirror);
                };
        TarCache tars = tars(wanted.repository());
        Answer answer = fetch(wanted, tars.keys(), new Lender.Use(used, false, Optional.of(tars)));
        if (answer instanceof Answer.Damaged) {
            answer = fetch(wanted, List.of(), new Lender.Use(used, true, Optional.of(tars)));
        }
        return switch (answer) {
            case Refused refused -> refused(wanted, refused.why());
            case Fetched fetched -> fetched;
            case Answer.Damaged damaged ->
                    refused(wanted, "the commit is incomplete or malformed: " + damaged.why());
            case Answer.Broke broke -> throw fault(wanted.repository(), broke);
            case Listing.Tips _,
                    Reachable.From _,
                    Reachable.FromNone _,
                    Changed.Paths _,
                    Changed.Unknown _ ->
                    throw strange(answer);
        };
    }

    /// @param cached the keys of the tars that need not be made again
    private Answer fetch(Wanted wanted, List<String> cached, Lender.Use use)
            throws InterruptedException {
        var order =
                new Order.Fetch(
                        target(wanted.repository()),
                        wanted.ref(),
                        wanted.commit(),
                        wanted.place(),
                        wanted.planFiles(),
                        wanted.git(),
                        cached);
        return ask(wanted.repository(), order, Optional.of(use));
    }

    @Override
    public Listing tips(RemoteRepository repository, List<String> prefixes)
            throws InterruptedException {
        Order.Target target = target(repository);
        Answer answer =
                ask(repository, new Order.Tips(target, List.copyOf(prefixes)), Optional.empty());
        return switch (answer) {
            case Listing listing -> listing;
            case Answer.Broke broke -> throw fault(repository, broke);
            case Answer.Damaged _,
                    Source _,
                    Moved _,
                    Missing _,
                    Reachable.From _,
                    Reachable.FromNone _,
                    Changed.Paths _,
                    Changed.Unknown _ ->
                    throw strange(answer);
        };
    }

    @Override
    public Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to)
            throws InterruptedException {
        Order.Target target = target(repository);
        Answer answer =
                ask(
                        repository,
                        new Order.Compare(target, ref, from, to),
                        Optional.of(new Lender.Use(mirror(repository), false, Optional.empty())));
        return switch (answer) {
            case Changed changed -> changed;
            case Answer.Damaged damaged -> new Changed.Unknown(damaged.why());
            case Answer.Broke broke -> throw fault(repository, broke);
            case Listing.Tips _,
                    Source _,
                    Moved _,
                    Missing _,
                    Reachable.From _,
                    Reachable.FromNone _ ->
                    throw strange(answer);
        };
    }

    @Override
    public Reachable reachable(RemoteRepository repository, CommitId commit, List<String> branches)
            throws InterruptedException {
        Order.Target target = target(repository);
        Path history = Mirror.historyOf(mirror(repository));
        var order = new Order.Reach(target, commit, List.copyOf(branches));
        Answer answer =
                ask(
                        repository,
                        order,
                        Optional.of(new Lender.Use(history, false, Optional.empty())));
        if (answer instanceof Answer.Damaged) {
            answer =
                    ask(
                            repository,
                            order,
                            Optional.of(new Lender.Use(history, true, Optional.empty())));
        }
        return switch (answer) {
            case Reachable reachable -> reachable;
            case Answer.Damaged damaged ->
                    new Refused("a branch's history is incomplete: " + damaged.why());
            case Answer.Broke broke -> throw fault(repository, broke);
            case Listing.Tips _, Source _, Moved _, Missing _, Changed.Paths _, Changed.Unknown _ ->
                    throw strange(answer);
        };
    }

    /// What moves into the processes' homes and back, so that they have to own it.
    ///
    /// @param state the state directory
    public static List<Path> directories(Path state) {
        return List.of(state.toAbsolutePath().resolve("mirrors"));
    }

    /// What each can write if there are no walls, for people.
    public static String landlock() {
        int version = Landlock.version();
        return version > 0
                ? "the thread that reads foreign bytes writes only its home (Landlock "
                        + version
                        + "), but other threads may write all that Airlock may"
                : "each may write all that Airlock may, as this kernel has no Landlock";
    }

    /// Sends the forge's token only after the git server has asked for a login: a fetch process
    /// that reads a public repository never has it.
    private Answer ask(RemoteRepository repository, Order order, Optional<Lender.Use> use)
            throws InterruptedException {
        Answer answer = lender.ask(repository, order, use);
        if (answer instanceof Unreachable away
                && away.login()
                && repository.credentials() instanceof FetchCredentials.ForgeToken(var token)) {
            if (order.target().login() instanceof Order.Login.Anonymous) {
                loginNeeded.add(repository.url());
                answer = lender.ask(repository, order.with(new Order.Login.Basic("", token)), use);
            }
            if (answer instanceof Unreachable refused && refused.login()) {
                return new Unreachable(
                        refused.why()
                                + ", which are the forge's `token`; set `credentials` of the"
                                + " repository, or give that token the right to read",
                        false);
            }
        }
        return answer;
    }

    /// The commit's files alone were read before, or would be: it is its history that is too much.
    private static Refused refused(Wanted wanted, String why) {
        boolean lacksCure = wanted.git() == GitDepth.FULL && !why.endsWith(GitPack.CURE);
        return new Refused(lacksCure ? why + GitPack.CURE : why);
    }

    private Order.Target target(RemoteRepository repository) {
        return new Order.Target(
                repository.url().toString(), login(repository), repository.limits());
    }

    private Path mirror(RemoteRepository repository) {
        return state.resolve("mirrors").resolve(repository.fileName() + ".git");
    }

    private TarCache tars(RemoteRepository repository) {
        return new TarCache(
                state.resolve("sources").resolve(repository.fileName()), repository.limits());
    }

    private Order.Login login(RemoteRepository repository) {
        return switch (repository.credentials()) {
            case FetchCredentials.None _ -> new Order.Login.Anonymous();
            case FetchCredentials.ForgeToken(var token) ->
                    loginNeeded.contains(repository.url())
                            ? new Order.Login.Basic("", token)
                            : new Order.Login.Anonymous();
            case FetchCredentials.Token token -> new Order.Login.Basic(token.user(), token.token());
            case FetchCredentials.SshKey key -> {
                try {
                    yield new Order.Login.Key(key.privateKey(), Files.readString(key.knownHosts()));
                } catch (IOException e) {
                    throw new SourceException(
                            "the configured known_hosts can't be read: " + key.knownHosts(), e);
                }
            }
        };
    }

    private static SourceException fault(RemoteRepository repository, Answer.Broke broke) {
        return new SourceException("fetching from " + repository.url() + " broke: " + broke.why());
    }

    private static SourceException strange(Answer answer) {
        return new SourceException("the fetch process answered another question: " + answer);
    }

    /// Ends the waiting processes, and waits for those whose calls are over; those at work end
    /// with theirs.
    @Override
    public void close() {
        lender.close();
    }
}
