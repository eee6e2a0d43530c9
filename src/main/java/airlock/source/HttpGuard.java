package airlock.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URL;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/// Opens JGit's HTTP connections, only to the configured scheme, host and port, and counts bytes.
final class HttpGuard implements HttpConnectionFactory {
    private final URL configured;
    private final ByteBudget budget;
    private volatile String refusal = "";
    private volatile int status;

    HttpGuard(URL configured, ByteBudget budget) {
        this.configured = configured;
        this.budget = budget;
    }

    /// Why a connection was refused; empty if none was.
    String refusal() {
        return refusal;
    }

    /// The status code of the last response; 0 before the first.
    int status() {
        return status;
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return create(url, Proxy.NO_PROXY);
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        if (!origin(url).equals(origin(configured))) {
            refusal =
                    "the forge redirects to another host, which is not followed: %s instead of %s;"
                                    .formatted(origin(url), origin(configured))
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
