package airlock.token;

import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;

/// HTTP/1.1 without the forms that servers read in different ways: two lengths, a length beside
/// chunks, lines that end in a line feed alone, folded headers. Keeps the target as it came.
final class StrictHttp extends HttpConnectionFactory {
    private static final String TARGET = StrictHttp.class.getName();
    private static final int MOST_HEADERS = 32 << 10;
    private static final int MOST_ANSWER_HEADERS = 64 << 10;

    /// [PathRule] decides about an encoded slash.
    private static final UriCompliance URIS =
            UriCompliance.from(Set.of(UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));

    StrictHttp() {
        super(configuration());
    }

    private static HttpConfiguration configuration() {
        var http = new HttpConfiguration();
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(URIS);
        http.setRequestHeaderSize(MOST_HEADERS);
        http.setMaxResponseHeaderSize(MOST_ANSWER_HEADERS);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        return http;
    }

    /// The part behind the method in the first line of a request.
    static String target(Request request) {
        return String.valueOf(request.getConnectionMetaData().getAttribute(TARGET));
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(
                new PathConnection(getHttpConfiguration(), connector, endPoint),
                connector,
                endPoint);
    }

    /// Refuses an absolute address, which names another server and which Jetty would show as a
    /// path.
    private static final class PathConnection extends HttpConnection {
        PathConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(
                String method, String target, HttpVersion version) {
            if (!target.startsWith("/") || target.startsWith("//")) {
                throw new HttpException.RuntimeException(400, "the target is not a path");
            }
            setAttribute(TARGET, target);
            return super.newHttpStream(method, target, version);
        }
    }
}
