package airlock.forge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// GitHub (docs.github.com "Validating webhook deliveries", "REST API").
record GitHub() implements Forge {
    private static final String SIGNATURE = "X-Hub-Signature-256";
    private static final String PREFIX = "sha256=";
    private static final Traits TRAITS =
            new Traits(
                    25 << 20,
                    Map.of(
                            "Accept",
                            "application/vnd.github+json",
                            "X-GitHub-Api-Version",
                            "2022-11-28"),
                    "Bearer",
                    // GitHub rejects a longer description and an unknown commit with 422
                    new Statuses("state", 140, true, Set.of(), Set.of(422)),
                    true,
                    new Advice(
                            "give the token the permission \"Commit statuses: write\" there",
                            "give the token \"Commit statuses: read and write\" and \"Contents:"
                                    + " read\" (of a classic token: repo:status, or repo for a"
                                    + " private repository)",
                            "and choose it among the token's repositories"),
                    "/pull/%d",
                    "/tree/");

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public String headerPrefix() {
        return "X-GitHub-";
    }

    @Override
    public String header(String what, Headers headers) {
        return headerPrefix() + what;
    }

    @Override
    public String claimedSignature(Headers headers) {
        String value = headers.only(SIGNATURE);
        return value.startsWith(PREFIX) ? value.substring(PREFIX.length()) : "";
    }

    @Override
    public List<String> signatureLines(String hex) {
        return List.of(SIGNATURE + ": " + PREFIX + hex);
    }

    @Override
    public boolean titleSaysDraft(String title) {
        return false;
    }

    @Override
    public HttpUrl.Builder pagesOf(int size, HttpUrl.Builder url) {
        return url.addQueryParameter("per_page", Integer.toString(size));
    }

    @Override
    public HttpUrl.Builder oldestFirst(HttpUrl.Builder url) {
        return url.addQueryParameter("sort", "created").addQueryParameter("direction", "asc");
    }

    @Override
    public long statuses(okhttp3.Headers headers, JsonNode body) {
        return body.path("total_count").asLong(Long.MAX_VALUE);
    }
}
