package airlock.source;

import airlock.base.FullDisk;
import airlock.source.FetchMessage.Stage;
import airlock.source.GitMirror.Inflated;
import airlock.source.SshSessions.KnownHosts;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.BasePackFetchConnection;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/// A repository at its forge: connections to it, guarded and counted.
final class Remote implements Closeable {
    /// How long a server may stay silent, in seconds.
    private static final int SILENCE = 60;

    /// Git's number for unlimited history.
    private static final int UNSHALLOW = Integer.MAX_VALUE;

    /// Forges that check only the token accept any user.
    private static final String ANY_USER = "x-access-token";

    private final Transport transport;
    private final RemoteFaults faults;
    private final SourceLimits limits;
    private final Inflated inflated;
    private final Consumer<Stage> stage;

    private Remote(
            Transport transport,
            RemoteFaults faults,
            SourceLimits limits,
            Inflated inflated,
            Consumer<Stage> stage) {
        this.transport = transport;
        this.faults = faults;
        this.limits = limits;
        this.inflated = inflated;
        this.stage = stage;
    }

    /// Prepares connections to the target; sends nothing yet.
    ///
    /// @param local receives the objects
    /// @param home an empty directory
    /// @param stage hears when objects are received
    static Remote open(GitMirror local, Order.Target target, Path home, Consumer<Stage> stage) {
        URI url = URI.create(target.url());
        var budget = new ByteBudget(target.limits().received());
        Transport transport = transport(local, target.url());
        transport.setTimeout(SILENCE);
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setObjectChecker(local.inflated());
        RemoteFaults faults =
                switch (transport) {
                    case TransportHttp http -> guard(http, url, target.login(), budget);
                    case SshTransport ssh -> guard(ssh, url, target.login(), budget, home);
                    default ->
                            throw new IllegalArgumentException(
                                    "neither HTTP nor SSH: " + target.url());
                };
        return new Remote(transport, faults, target.limits(), local.inflated(), stage);
    }

    private static Transport transport(Repository local, String url) {
        try {
            return Transport.open(local, new URIish(url));
        } catch (URISyntaxException | NotSupportedException | TransportException e) {
            throw new SourceException("not an address that can be fetched from: " + url, e);
        }
    }

    private static RemoteFaults guard(
            TransportHttp http, URI url, Order.Login login, ByteBudget budget) {
        var guard = new HttpGuard(url, budget);
        http.setHttpConnectionFactory(guard);
        switch (login) {
            case Order.Login.Anonymous _ -> {}
            case Order.Login.Basic basic ->
                    http.setPreemptiveBasicAuthentication(
                            basic.user().isEmpty() ? ANY_USER : basic.user(),
                            basic.password().reveal());
            case Order.Login.Key _ ->
                    throw new SourceException(
                            "an SSH key is configured for an address that is not ssh://: " + url);
        }
        return new RemoteFaults(
                url, budget, guard::refusal, guard::status, login instanceof Order.Login.Anonymous);
    }

    private static RemoteFaults guard(
            SshTransport ssh, URI url, Order.Login login, ByteBudget budget, Path home) {
        if (!(login instanceof Order.Login.Key key)) {
            throw new SourceException("an ssh:// address takes an SSH key: " + url);
        }
        int port = url.getPort() < 0 ? 22 : url.getPort();
        var hosts = new KnownHosts(key.knownHosts(), url.getHost(), port);
        ssh.setSshSessionFactory(new SshSessions(key, hosts, home, budget));
        return new RemoteFaults(url, budget, hosts::refusal, () -> 0, false);
    }

    /// Connects and lists the refs that `refs` name; a `/` at the end stands for all refs below.
    FetchConnection connect(Collection<String> refs) throws TransportException {
        List<RefSpec> specs = new ArrayList<>();
        for (String ref : refs) {
            specs.add(
                    ref.endsWith("/")
                            ? new RefSpec(ref + "*:refs/airlock/" + specs.size() + "/*")
                            : new RefSpec(ref + ":" + GitMirror.localName(ref)));
        }
        try {
            FetchConnection connection = transport.openFetch(specs);
            if (!(connection instanceof BasePackFetchConnection)) {
                connection.close();
                throw new NotSupportedException("it does not speak git's smart protocol");
            }
            return connection;
        } catch (NotSupportedException e) {
            throw new TransportException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Receives the objects of `refs`, up to the limit of unpacked bytes.
    void receive(FetchConnection connection, List<Ref> refs) throws TransportException {
        if (refs.isEmpty()) {
            return;
        }
        stage.accept(Stage.RECEIVING);
        boolean histories = !Integer.valueOf(1).equals(transport.getDepth());
        inflated.begin(limits.inflated(histories));
        try {
            connection.fetch(NullProgressMonitor.INSTANCE, refs, Set.of());
        } finally {
            inflated.end();
        }
    }

    /// Limits the next connection to single commits, without their history.
    void withoutHistory() {
        transport.setDepth(1);
    }

    /// Makes the next connection fetch all history that a shallow mirror lacks.
    void wholeHistory() {
        transport.setDepth(UNSHALLOW);
    }

    /// Makes the next connection fetch commits without trees, or with them if `filter` is false.
    void onlyCommits(boolean filter) throws IOException {
        transport.setFilterSpec(
                filter ? FilterSpec.fromFilterLine("tree:0") : FilterSpec.NO_FILTER);
    }

    Answer explain(IOException fault) {
        return faults.explain(fault);
    }

    @Override
    public void close() {
        transport.close();
    }

    /// Opens JGit's HTTP connections, only to the configured scheme, host and port, and counts
    /// bytes.
    static final class HttpGuard implements HttpConnectionFactory {
        private final URI configured;
        private final ByteBudget budget;
        private volatile String refusal = "";
        private volatile int status;

        HttpGuard(URI configured, ByteBudget budget) {
            this.configured = configured;
            this.budget = budget;
        }

        String refusal() {
            return refusal;
        }

        int status() {
            return status;
        }

        @Override
        public HttpConnection create(URL url) throws IOException {
            return create(url, Proxy.NO_PROXY);
        }

        @Override
        public HttpConnection create(URL url, Proxy proxy) throws IOException {
            URL own = configured.toURL();
            if (!origin(url).equals(origin(own))) {
                refusal =
                        "the forge redirects to another host, which is not followed: %s instead of %s;"
                                        .formatted(origin(url), origin(own))
                                + " if the repository has moved there, configure its new URL";
                throw new IOException(refusal);
            }
            return new Connection(url, proxy);
        }

        private static String origin(URL url) {
            int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
            return url.getProtocol() + "://" + url.getHost() + ":" + port;
        }

        private final class Connection extends JDKHttpConnection {
            Connection(URL url, Proxy proxy) throws MalformedURLException, IOException {
                super(url, proxy);
                super.setInstanceFollowRedirects(false);
            }

            @Override
            public void setInstanceFollowRedirects(boolean follow) {
                // JGit follows redirects itself and calls create() for each
            }

            @Override
            public int getResponseCode() throws IOException {
                int code = super.getResponseCode();
                status = code;
                return code;
            }

            @Override
            public InputStream getInputStream() throws IOException {
                return budget.count(super.getInputStream());
            }
        }
    }

    /// Explains a failed connection from JGit's exceptions and the guards' findings. A redirect to
    /// another host is not the commit's fault.
    ///
    /// @param refusal why a guard refused; empty if none did
    /// @param status the last HTTP status; 0 before the first
    /// @param anonymous whether no credentials were sent
    record RemoteFaults(
            URI url,
            ByteBudget budget,
            Supplier<String> refusal,
            IntSupplier status,
            boolean anonymous) {
        private static final int ASKS_FOR_LOGIN = 401;

        Answer explain(IOException fault) {
            if (budget.isExceeded()) {
                return new Refused(
                        "%s sent more than %,d bytes, the limit of this repository"
                                .formatted(url, budget.received()));
            }
            if (!refusal.get().isEmpty()) {
                return new Unreachable(refusal.get(), false);
            }
            for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
                var told = told(cause);
                if (told.isPresent()) {
                    return told.orElseThrow();
                }
            }
            if (status.getAsInt() == ASKS_FOR_LOGIN) {
                return new Unreachable(
                        anonymous
                                ? url + " asks for a login: set `credentials` of the repository"
                                : url + " does not accept the credentials",
                        false,
                        false,
                        true);
            }
            return new Unreachable(
                    "%s can't be fetched from: %s%s".formatted(url, message(fault), hint()),
                    isRetryable(fault));
        }

        /// The answer that follows from a fault alone; empty if it is one of the network.
        private Optional<Answer> told(Throwable cause) {
            return switch (cause) {
                case SourceException refusal when refusal.isRefusal() ->
                        Optional.of(new Refused(url + " sent " + refusal.getMessage()));
                case CorruptObjectException _ ->
                        Optional.of(refused("an object that breaks git's rules", cause));
                case TooLargeObjectInPackException _ ->
                        Optional.of(refused("an object that is too large", cause));
                // thrown by JGit's pack parser if a pack has wrong lengths
                case IndexOutOfBoundsException _, IllegalArgumentException _ ->
                        Optional.of(refused("a pack that breaks git's rules", cause));
                case MissingObjectException _ ->
                        Optional.of(new Answer.Damaged(String.valueOf(cause.getMessage())));
                default ->
                        FullDisk.isIn(String.valueOf(cause.getMessage()))
                                ? Optional.of(
                                        new Answer.Broke(
                                                "no space for the mirror: " + cause.getMessage()))
                                : Optional.empty();
            };
        }

        private Refused refused(String what, Throwable cause) {
            return new Refused("%s sent %s: %s".formatted(url, what, cause.getMessage()));
        }

        private boolean isRetryable(IOException fault) {
            int code = status.getAsInt();
            if (code == 408 || code == 429) {
                return true;
            }
            return !(fault instanceof NoRemoteRepositoryException
                    || message(fault).contains("No more authentication methods")
                    || fault.getCause() instanceof NotSupportedException
                    || (code >= 400 && code < 500));
        }

        private String hint() {
            return switch (status.getAsInt()) {
                case 403 -> "; the credentials do not allow it";
                case 404 -> "; is the URL right, and may the credentials see it?";
                default -> "";
            };
        }

        /// With the causes' messages, which often say more than JGit's outermost.
        private static String message(IOException fault) {
            var text = new StringBuilder(String.valueOf(fault.getMessage()));
            for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) {
                String more = cause.getMessage();
                if (more != null && text.indexOf(more) < 0) {
                    text.append(" (").append(more).append(')');
                }
            }
            return text.toString();
        }
    }
}
