package airlock.source;

import airlock.base.Trees;
import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.sandbox.ChildJvm;
import airlock.sandbox.JvmSpec;
import airlock.sandbox.Landlock;
import airlock.sandbox.Sandbox;
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
/// Below the state directory: `mirrors/` with a bare repository for each configured one and
/// `sources/` with their tars, each with a folder `outside/` for outside changes; and `fetch/` with
/// the processes' homes. A process writes only its home, which has the mirror of its order while it
/// works ([Lender]).
public final class ProcessFetcher implements SourceFetcher, Closeable {
    /// How many processes of a server wait for orders: those of one run that publishes.
    public static final int SPARES = 2;

    private final Path state;
    private final Lender lender;

    /// URLs whose server asked for a login.
    private final Set<URI> loginNeeded = ConcurrentHashMap.newKeySet();

    /// Removes the homes that a killed server left, and starts the processes that wait for orders.
    ///
    /// @param state the state directory, which no other server uses
    /// @param atOnce how many processes may work for one forge at the same time; counted per forge,
    ///     so that a silent one delays no other
    /// @param spares how many processes wait for orders
    public ProcessFetcher(Path state, Sandbox sandbox, int atOnce, int spares) {
        this(state, FetchWorker.spec(sandbox), atOnce, spares);
    }

    ProcessFetcher(Path state, JvmSpec jvm, int atOnce, int spares) {
        this.state = state.toAbsolutePath();
        Path homes = this.state.resolve("fetch");
        ChildJvm.removeHomes(homes);
        removeMixedMirrors(this.state.resolve("mirrors"));
        var pool = new Lender.FetchPool(() -> FetchWorker.start(jvm, homes), spares);
        this.lender = new Lender(pool, atOnce);
    }

    /// Removes mirrors of earlier versions, which had outside commits in the repositories' mirrors.
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
        RemoteRepository repository = wanted.repository();
        Path mirror = mirror(repository);
        Path used =
                switch (wanted.git()) {
                    case NONE, SHALLOW -> mirror;
                    case FULL -> GitMirror.fullOf(mirror);
                };
        TarCache tars = tars(repository);
        Answer answer = fetch(wanted, tars.keys(), new Lender.Use(used, false, Optional.of(tars)));
        if (answer instanceof Answer.Damaged) {
            answer = fetch(wanted, List.of(), new Lender.Use(used, true, Optional.of(tars)));
        }
        return switch (answer) {
            case Answer.Damaged(String why) ->
                    refused(wanted, "the commit is incomplete or malformed: " + why);
            case Refused(String why) -> refused(wanted, why);
            case Fetched fetched -> fetched;
            case Answer other -> throw fault(repository, other);
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
        var order = new Order.Tips(target(repository), List.copyOf(prefixes));
        return switch (ask(repository, order, Optional.empty())) {
            case Listing listing -> listing;
            case Answer other -> throw fault(repository, other);
        };
    }

    @Override
    public Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to)
            throws InterruptedException {
        var order = new Order.Compare(target(repository), ref, from, to);
        return switch (ask(repository, order, mirror(repository), false)) {
            case Changed changed -> changed;
            case Answer.Damaged(String why) -> new Changed.Unknown(why);
            case Answer other -> throw fault(repository, other);
        };
    }

    @Override
    public Reachable reachable(RemoteRepository repository, CommitId commit, List<String> branches)
            throws InterruptedException {
        Path history = GitMirror.historyOf(mirror(repository));
        var order = new Order.Reach(target(repository), commit, List.copyOf(branches));
        Answer answer = ask(repository, order, history, false);
        if (answer instanceof Answer.Damaged) {
            answer = ask(repository, order, history, true);
        }
        return switch (answer) {
            case Reachable reachable -> reachable;
            case Answer.Damaged(String why) ->
                    new Refused("a branch's history is incomplete: " + why);
            case Answer other -> throw fault(repository, other);
        };
    }

    private Answer ask(RemoteRepository repository, Order order, Path mirror, boolean anew)
            throws InterruptedException {
        return ask(repository, order, Optional.of(new Lender.Use(mirror, anew, Optional.empty())));
    }

    /// The directories whose content moves into the processes' homes and back, so that the
    /// processes' user must own it.
    public static List<Path> directories(Path state) {
        return List.of(state.toAbsolutePath().resolve("mirrors"));
    }

    /// For people: what fetch processes can write without walls.
    public static String landlock() {
        int version = Landlock.version();
        return version > 0
                ? "the thread that reads foreign bytes writes only its home (Landlock "
                        + version
                        + "), but other threads may write all that Airlock may"
                : "each may write all that Airlock may, as this kernel has no Landlock";
    }

    /// Gives a process the forge's token only after the git server has asked for a login, so that
    /// one that reads a public repository never has it.
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

    /// With history, adds the advice to do without it: the files alone were read before.
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

    private static SourceException fault(RemoteRepository repository, Answer answer) {
        return new SourceException(
                answer instanceof Answer.Broke(String why)
                        ? "fetching from " + repository.url() + " broke: " + why
                        : "the fetch process answered another question: " + answer);
    }

    /// Ends the idle processes and waits until those with finished orders are gone.
    @Override
    public void close() {
        lender.close();
    }
}
