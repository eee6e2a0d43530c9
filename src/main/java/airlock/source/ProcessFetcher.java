package airlock.source;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.GitDepth;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Asks each question in a process of its own.
///
/// Below the state directory: `mirrors/` with a bare repository for each configured one,
/// `sources/` with their tars, `fetch/` with the processes' homes.
public final class ProcessFetcher implements SourceFetcher, Closeable {
    private final Path state;
    private final int atOnce;
    private final Map<String, Semaphore> slots = new ConcurrentHashMap<>();
    private final FetchPool pool;
    private final Set<Thread> ends = ConcurrentHashMap.newKeySet();

    /// Addresses that asked for a login.
    private final Set<URI> loginNeeded = ConcurrentHashMap.newKeySet();

    /// Removes what the processes of a killed server left, and starts those that wait for orders.
    ///
    /// @param state the state directory, which no other server uses
    /// @param atOnce how many processes may work for one forge at the same time; each forge has
    ///     its own, so that one that is silent holds up no other
    public ProcessFetcher(Path state, ChildJvm jvm, int atOnce) {
        this.state = state.toAbsolutePath();
        this.atOnce = atOnce;
        Path homes = this.state.resolve("fetch");
        FetchWorker.removeHomes(homes);
        this.pool = new FetchPool(() -> FetchWorker.start(jvm, homes));
        pool.refill();
    }

    @Override
    public Fetched fetch(Wanted wanted) throws InterruptedException {
        Order.Target target = target(wanted.repository());
        Answer answer = ask(wanted.repository(), fetchOrder(target, wanted));
        if (answer instanceof Answer.Damaged) {
            answer = ask(wanted.repository(), fetchOrder(anew(target), wanted));
        }
        return switch (answer) {
            case Source source -> inItsPlace(source, target.tars());
            case Refused refused -> refused(wanted, refused.why());
            case Fetched fetched -> fetched;
            case Answer.Damaged damaged ->
                    refused(wanted, "the commit is incomplete or malformed: " + damaged.why());
            case Answer.Broke broke -> throw fault(target, broke);
            case Listing.Tips _,
                    Reachable.From _,
                    Reachable.FromNone _,
                    Changed.Paths _,
                    Changed.Unknown _ ->
                    throw strange(answer);
        };
    }

    @Override
    public Listing tips(RemoteRepository repository, List<String> prefixes)
            throws InterruptedException {
        Order.Target target = target(repository);
        Answer answer = ask(repository, new Order.Tips(target, List.copyOf(prefixes)));
        return switch (answer) {
            case Listing listing -> listing;
            case Answer.Broke broke -> throw fault(target, broke);
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
        Answer answer = ask(repository, new Order.Compare(target, ref, from, to));
        return switch (answer) {
            case Changed changed -> changed;
            case Answer.Damaged damaged -> new Changed.Unknown(damaged.why());
            case Answer.Broke broke -> throw fault(target, broke);
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
        Answer answer = ask(repository, new Order.Reach(target, commit, List.copyOf(branches)));
        if (answer instanceof Answer.Damaged) {
            answer = ask(repository, new Order.Reach(anew(target), commit, List.copyOf(branches)));
        }
        return switch (answer) {
            case Reachable reachable -> reachable;
            case Answer.Damaged damaged ->
                    new Refused("a branch's history is incomplete: " + damaged.why());
            case Answer.Broke broke -> throw fault(target, broke);
            case Listing.Tips _, Source _, Moved _, Missing _, Changed.Paths _, Changed.Unknown _ ->
                    throw strange(answer);
        };
    }

    /// Where the processes write, besides homes of their own.
    ///
    /// @param state the state directory
    public static List<Path> directories(Path state) {
        Path all = state.toAbsolutePath();
        return List.of(all.resolve("mirrors"), all.resolve("sources"));
    }

    /// Whether each can write only what belongs to its own repository, for people.
    public static String landlock() {
        int version = Landlock.version();
        return version > 0
                ? "each binds itself to its own repository (Landlock "
                        + version
                        + "), but for threads of its JVM that exist before"
                : "each may write the mirrors of all repositories, as this kernel has no Landlock";
    }

    /// Sends the forge's token only after the git server has asked for a login: a fetch process
    /// that reads a public repository never has it.
    private Answer ask(RemoteRepository repository, Order order) throws InterruptedException {
        Answer answer = askOnce(repository, order);
        if (answer instanceof Unreachable away
                && away.login()
                && repository.credentials() instanceof FetchCredentials.ForgeToken(var token)) {
            if (order.target().login() instanceof Order.Login.Anonymous) {
                loginNeeded.add(repository.url());
                answer = askOnce(repository, order.with(new Order.Login.Basic("", token)));
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

    private Answer askOnce(RemoteRepository repository, Order order) throws InterruptedException {
        var slots =
                this.slots.computeIfAbsent(
                        repository.id().forge(), _ -> new Semaphore(atOnce, true));
        slots.acquire();
        try {
            FetchWorker worker;
            try {
                worker = pool.take();
            } catch (SourceException e) {
                // memory or processes may be short for a moment
                return new Unreachable(String.valueOf(e.getMessage()), true);
            }
            try {
                return worker.ask(order);
            } finally {
                endLater(worker);
            }
        } finally {
            slots.release();
            pool.refill();
        }
    }

    /// Whoever has taken over a fetch process may name any file of this machine; it would go into a
    /// VM as the commit's source.
    static Source inItsPlace(Source source, Path tars) {
        if (!tars.equals(source.tar().getParent())) {
            throw new SourceException(
                    "the fetch process named %s, which is not in %s; look at what it was given"
                            .formatted(source.tar(), tars));
        }
        return source;
    }

    /// The commit's files alone were read before, or would be: it is its history that is too much.
    private static Refused refused(Wanted wanted, String why) {
        boolean lacksCure = wanted.git() == GitDepth.FULL && !why.endsWith(GitPack.CURE);
        return new Refused(lacksCure ? why + GitPack.CURE : why);
    }

    private static Order fetchOrder(Order.Target target, Wanted wanted) {
        return new Order.Fetch(
                target,
                wanted.ref(),
                wanted.commit(),
                wanted.place(),
                wanted.planFiles(),
                wanted.git());
    }

    private Order.Target target(RemoteRepository repository) {
        String name = repository.fileName();
        return new Order.Target(
                repository.url().toString(),
                login(repository),
                state.resolve("mirrors").resolve(name + ".git"),
                state.resolve("sources").resolve(name),
                repository.limits(),
                false);
    }

    private static Order.Target anew(Order.Target target) {
        return new Order.Target(
                target.url(),
                target.login(),
                target.mirror(),
                target.tars(),
                target.limits(),
                true);
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

    private static SourceException fault(Order.Target target, Answer.Broke broke) {
        return new SourceException("fetching from " + target.url() + " broke: " + broke.why());
    }

    private static SourceException strange(Answer answer) {
        return new SourceException("the fetch process answered another question: " + answer);
    }

    /// Whoever waits for the answer need not wait until nothing is left of the process.
    private void endLater(FetchWorker worker) {
        var end =
                Thread.ofVirtual()
                        .name("fetch-end")
                        .unstarted(
                                () -> {
                                    try {
                                        worker.close();
                                    } finally {
                                        ends.remove(Thread.currentThread());
                                    }
                                });
        ends.add(end);
        end.start();
    }

    /// Ends the waiting processes, and waits for those whose calls are over; those at work end
    /// with theirs.
    @Override
    public void close() {
        pool.close();
        try {
            for (Thread end : ends) {
                end.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
