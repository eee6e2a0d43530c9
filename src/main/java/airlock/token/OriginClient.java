package airlock.token;

import airlock.egress.Upstream;
import airlock.event.Secret;
import airlock.token.TokenOrder.Origin;
import airlock.token.TokenOrder.Way;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/// Sends requests to the server that a token belongs to, and to no other.
final class OriginClient {
    /// `Retry-After` under another name, since OkHttp would act on it by itself.
    static final String RETRY_AFTER = "Airlock-Retry-After";

    private static final String HIDDEN = "Retry-After";

    private final TokenOrder.Credential credential;
    private final OkHttpClient client;

    OriginClient(TokenOrder order) throws IOException, GeneralSecurityException {
        this.credential = order.credential();
        var origin = order.origin();
        var limits = order.limits();
        TlsTrust trust = TlsTrust.of(origin.authorities());
        var addresses = origin.addresses().isEmpty() ? List.of(order.first()) : origin.addresses();
        var builder =
                new OkHttpClient.Builder()
                        .sslSocketFactory(trust.sockets(), trust.manager())
                        .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .proxy(Proxy.NO_PROXY)
                        .dns(
                                host -> {
                                    if (!host.equals(origin.host().text())) {
                                        throw new UnknownHostException(host);
                                    }
                                    return addresses;
                                })
                        .cookieJar(CookieJar.NO_COOKIES)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .connectTimeout(limits.connect())
                        .readTimeout(limits.silence())
                        .writeTimeout(limits.silence())
                        .callTimeout(Duration.ZERO)
                        .addNetworkInterceptor(OriginClient::hideRetryAfter);
        origin.way().ifPresent(way -> builder.socketFactory(new UpstreamSockets(origin, way)));
        this.client = builder.build();
    }

    private static Response hideRetryAfter(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String value = response.header(HIDDEN);
        return value == null
                ? response
                : response.newBuilder().removeHeader(HIDDEN).header(RETRY_AFTER, value).build();
    }

    /// A request with the token, not sent yet.
    ///
    /// @param body from the client; not read if the request has none
    /// @param length of the body in bytes, -1 if unknown
    Call call(String method, RequestRule.Verdict.Pass pass, InputStream body, long length) {
        var request = new Request.Builder().url(pass.url()).headers(pass.headers());
        if (pass.headers().get("User-Agent") == null) {
            request.header("User-Agent", "airlock");
        }
        // a compressed answer can't be searched for the token
        request.header("Accept-Encoding", "identity");
        request.header(credential.header(), credential.value().reveal());
        return client.newCall(request.method(method, body(method, pass, body, length)).build());
    }

    private static @Nullable RequestBody body(
            String method, RequestRule.Verdict.Pass pass, InputStream body, long length) {
        if (pass.hasBody()) {
            return sentOnce(body, length);
        }
        return method.equals("GET") || method.equals("HEAD")
                ? null
                : RequestBody.create(new byte[0], null);
    }

    /// A body that is sent as it comes.
    private static RequestBody sentOnce(InputStream body, long length) {
        return new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return null; // among the headers already
            }

            @Override
            public long contentLength() {
                return length;
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeAll(Okio.source(body));
            }
        };
    }

    /// Sockets through an HTTP proxy. It is asked for the checked address, or for the server's name
    /// if no address was checked; OkHttp by itself would always ask for the name.
    private static final class UpstreamSockets extends SocketFactory {
        private final Origin origin;
        private final Way way;

        UpstreamSockets(Origin origin, Way way) {
            this.origin = origin;
            this.way = way;
        }

        @Override
        public Socket createSocket() {
            return new Tunnel();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw unconnected();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw unconnected();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw unconnected();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw unconnected();
        }

        private static UnsupportedOperationException unconnected() {
            return new UnsupportedOperationException("sockets are made first, and connected then");
        }

        /// Connects to the proxy, and through it to the server.
        private final class Tunnel extends Socket {
            @Override
            public void connect(SocketAddress place, int patience) throws IOException {
                String target =
                        origin.addresses().isEmpty()
                                ? origin.host() + ":" + origin.port()
                                : Upstream.target(
                                        ((InetSocketAddress) place).getAddress(), origin.port());
                int timeout = getSoTimeout();
                try {
                    super.connect(new InetSocketAddress(way.address(), way.port()), patience);
                } catch (IOException e) {
                    String why = "the upstream proxy can't be reached: " + e.getMessage();
                    throw (IOException) new NoRouteToHostException(why).initCause(e);
                }
                Upstream.connect(
                        this,
                        target,
                        way.authorization().map(Secret::reveal),
                        Duration.ofMillis(patience));
                setSoTimeout(timeout);
            }
        }
    }

    /// The certificate authorities that may vouch for a server.
    ///
    /// @param sockets without a client certificate
    private record TlsTrust(SSLSocketFactory sockets, X509TrustManager manager) {
        /// The system's authorities and more.
        ///
        /// @param more certificates in PEM; may be empty
        static TlsTrust of(String more) throws IOException, GeneralSecurityException {
            X509TrustManager manager = manager(null);
            if (!more.isEmpty()) {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                List<Certificate> all = new ArrayList<>(List.of(manager.getAcceptedIssuers()));
                all.addAll(certificates(more));
                for (Certificate certificate : all) {
                    store.setCertificateEntry("authority " + store.size(), certificate);
                }
                manager = manager(store);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return new TlsTrust(context.getSocketFactory(), manager);
        }

        private static List<X509Certificate> certificates(String pem)
                throws GeneralSecurityException {
            var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
            return CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }

        /// @param store null for the system's
        private static X509TrustManager manager(@Nullable KeyStore store)
                throws GeneralSecurityException {
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("this JVM can't check certificates"));
        }
    }
}
