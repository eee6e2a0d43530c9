package airlock.forge;

import airlock.base.Hash;
import airlock.config.ForgeConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
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

/// One forge's API over HTTP: no redirect is followed, nothing is posted twice by itself, and of an
/// answer no more than [#LARGEST_ANSWER] bytes are read.
final class ForgeApi {
    private static final int LARGEST_ANSWER = 8 << 20;
    private static final MediaType JSON = MediaType.get("application/json");

    private final ForgeConfig config;
    private final HttpUrl base;
    private final OkHttpClient client;

    /// Asks again where a kept connection turns out to be closed.
    private final OkHttpClient asking;

    private final boolean known;

    ForgeApi(ForgeConfig forge, Duration limit) {
        this(forge, limit, true);
    }

    /// One that sends no credentials.
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

    /// OkHttp acts on `Retry-After` of a 503 by itself: it sends again at 0, and fails with a
    /// NumberFormatException at ten digits. It gets to see it under another name.
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

    /// What became of a request.
    sealed interface Outcome {
        /// The forge answered.
        ///
        /// @param body its first bytes, at most [#LARGEST_ANSWER]
        record Answered(int status, Headers headers, byte[] body) implements Outcome {}

        /// Nothing reached the forge.
        record NotSent(String reason) implements Outcome {}

        /// Something reached the forge and no answer came back.
        record NoAnswer(String reason) implements Outcome {}
    }

    /// A URL below the API's base.
    HttpUrl.Builder url(String path) {
        return base.newBuilder().addPathSegments(path);
    }

    Outcome get(HttpUrl url) {
        return send(asking, request(url).get().build());
    }

    /// Asks for what may have changed since `etag`; the answer is 304 where it has not.
    ///
    /// @param etag of an earlier answer, empty for none
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
                        .tag(Sent.class, new Sent());
        if (known) {
            request.header(
                    "Authorization", forge().authorizationScheme() + " " + config.token().reveal());
        }
        forge().requestHeaders().forEach(request::header);
        return request;
    }

    private static Outcome send(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            return new Outcome.Answered(
                    response.code(),
                    response.headers(),
                    response.body().byteStream().readNBytes(LARGEST_ANSWER));
        } catch (IOException e) {
            String reason = reason(e);
            return Sent.in(request) ? new Outcome.NoAnswer(reason) : new Outcome.NotSent(reason);
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

    /// A mark of the token: eight bytes of a hash, in hexadecimal.
    String credential() {
        return Hash.sha256(base + "\n" + config.token().reveal()).substring(0, 16);
    }

    Forge forge() {
        return Forge.of(config.kind());
    }

    String name() {
        return config.name();
    }

    /// Whether the first byte of a request may have left.
    private static final class Sent {
        private final AtomicBoolean sent = new AtomicBoolean();

        static boolean in(Request request) {
            Sent mark = request.tag(Sent.class);
            return mark == null || mark.sent.get();
        }
    }

    private static final class MarkSent extends EventListener {
        @Override
        public void requestHeadersStart(Call call) {
            Sent mark = call.request().tag(Sent.class);
            if (mark != null) {
                mark.sent.set(true);
            }
        }
    }
}
