package airlock.token;

import airlock.token.HeaderRule.Field;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
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
        var request = new Request.Builder().url(pass.url());
        for (Field field : pass.fields()) {
            request.addHeader(field.name(), field.value());
        }
        if (!HeaderRule.has(pass.fields(), "User-Agent")) {
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
            return new Passed(body, length);
        }
        return method.equals("GET") || method.equals("HEAD")
                ? null
                : RequestBody.create(new byte[0], null);
    }

    /// A body that is sent as it comes, so it can be sent only once.
    private static final class Passed extends RequestBody {
        private final InputStream body;
        private final long length;

        Passed(InputStream body, long length) {
            this.body = body;
            this.length = length;
        }

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
    }
}
