package airlock.forge;

import airlock.base.Hash;
import airlock.config.ForgeConfig;
import airlock.forge.ApiRefusal.RetryTime;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// One forge's API over HTTP. It follows no redirect, never repeats a POST, and reads at most
/// [#LARGEST_ANSWER] bytes of an answer.
final class ForgeApi {
    private static final int LARGEST_ANSWER = 8 << 20;
    private static final MediaType JSON = MediaType.get("application/json");

    private final ForgeConfig config;
    private final HttpUrl base;
    private final OkHttpClient client;

    /// For GETs: repeats the request if a pooled connection turns out to be closed.
    private final OkHttpClient asking;

    private final boolean known;

    ForgeApi(ForgeConfig forge, Duration limit) {
        this(forge, limit, true);
    }

    /// An API that sends no credentials.
    static ForgeApi anonymous(ForgeConfig forge, Duration limit) {
        return new ForgeApi(forge, limit, false);
    }

    private ForgeApi(ForgeConfig config, Duration limit, boolean known) {
        this.config = config;
        this.known = known;
        this.base = HttpUrl.get(config.api());
        this.client =
                new OkHttpClient.Builder()
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .retryOnConnectionFailure(false)
                        .callTimeout(limit)
                        .readTimeout(limit)
                        .eventListener(new MarkSent())
                        .addNetworkInterceptor(ForgeApi::hideRetryAfter)
                        .build();
        this.asking = client.newBuilder().retryOnConnectionFailure(true).build();
    }

    /// Renames `Retry-After`, because OkHttp acts on that of a 503: it retries at 0, and fails with
    /// a NumberFormatException at ten digits.
    private static Response hideRetryAfter(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String told = response.header("Retry-After");
        return told == null
                ? response
                : response.newBuilder()
                        .removeHeader("Retry-After")
                        .header(RetryTime.HEADER, told)
                        .build();
    }

    sealed interface Outcome {
        /// The forge answered.
        ///
        /// @param body its first bytes, at most [#LARGEST_ANSWER]
        record Answered(int status, Headers headers, byte[] body) implements Outcome {}

        /// No answer came.
        ///
        /// @param sent whether the forge may have got the request
        record Failed(String reason, boolean sent) implements Outcome {}
    }

    /// A URL below the API's base.
    HttpUrl.Builder url(String path) {
        return base.newBuilder().addPathSegments(path);
    }

    Outcome get(HttpUrl url) {
        return send(asking, request(url).get().build());
    }

    /// Gets `url` if it has changed since `etag`, else 304.
    ///
    /// @param etag of an earlier answer, empty if there was none
    Outcome get(HttpUrl url, String etag) {
        var request = request(url).get();
        return send(
                asking, (etag.isEmpty() ? request : request.header("If-None-Match", etag)).build());
    }

    Outcome post(HttpUrl url, byte[] json) {
        return send(client, request(url).post(RequestBody.create(json, JSON)).build());
    }

    private Request.Builder request(HttpUrl url) {
        var request =
                new Request.Builder()
                        .url(url)
                        .header("User-Agent", "airlock")
                        .tag(AtomicBoolean.class, new AtomicBoolean());
        if (known) {
            request.header(
                    "Authorization",
                    forge().traits().authorizationScheme() + " " + config.token().reveal());
        }
        forge().traits().requestHeaders().forEach(request::header);
        return request;
    }

    private static Outcome send(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            return new Outcome.Answered(
                    response.code(),
                    response.headers(),
                    response.body().byteStream().readNBytes(LARGEST_ANSWER));
        } catch (IOException e) {
            return new Outcome.Failed(reason(e), sent(request).get());
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return switch (e) {
            case UnknownHostException _ -> "there is no address for the host: " + message;
            case InterruptedIOException _ -> "no answer in time";
            default -> message == null ? "the connection broke" : message;
        };
    }

    /// The value of a header that is a number of up to eleven digits.
    static Optional<Long> number(Headers headers, String name) {
        return Optional.ofNullable(headers.get(name))
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,11}"))
                .map(Long::parseLong);
    }

    /// A fingerprint of the token: eight bytes of a hash, in hexadecimal.
    String credential() {
        return Hash.sha256(base + "\n" + config.token().reveal()).substring(0, 16);
    }

    Forge forge() {
        return Forge.of(config.kind());
    }

    String name() {
        return config.name();
    }

    /// Set once the first byte of the request may have left.
    private static AtomicBoolean sent(Request request) {
        return Objects.requireNonNull(request.tag(AtomicBoolean.class));
    }

    private static final class MarkSent extends EventListener {
        @Override
        public void requestHeadersStart(Call call) {
            sent(call.request()).set(true);
        }
    }
}
