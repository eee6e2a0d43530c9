package airlock.forge;

import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// GitHub (docs.github.com "Validating webhook deliveries", "REST API").
record GitHub() implements Forge {
    private static final String SIGNATURE = "X-Hub-Signature-256";
    private static final String PREFIX = "sha256=";

    /// GitHub sends up to 25 MB.
    @Override
    public long largestBody() {
        return 25 << 20;
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
    public Map<String, String> requestHeaders() {
        return Map.of(
                "Accept", "application/vnd.github+json", "X-GitHub-Api-Version", "2022-11-28");
    }

    @Override
    public String authorizationScheme() {
        return "Bearer";
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

    @Override
    public String stateField() {
        return "state";
    }

    /// GitHub takes `Airlock` and `airlock` for one context.
    @Override
    public boolean isSameContext(String one, String other) {
        return one.equalsIgnoreCase(other);
    }

    /// A longer one is refused with 422.
    @Override
    public int longestDescription() {
        return 140;
    }

    /// GitHub answers 422, which is about the commit alone.
    @Override
    public boolean mayLackCommit(int status) {
        return false;
    }

    @Override
    public boolean knowsNoCommit(int status) {
        return status == 422;
    }

    @Override
    public boolean hasMergeQueue() {
        return true;
    }

    @Override
    public String howToGrantWriting() {
        return "give the token the permission \"Commit statuses: write\" there";
    }

    @Override
    public String howToGrantScopes() {
        return "give the token \"Commit statuses: read and write\" and \"Contents: read\" (of a"
                + " classic token: repo:status, or repo for a private repository)";
    }

    @Override
    public String howToShowRepository() {
        return "and choose it among the token's repositories";
    }

    @Override
    public String changePath(long number) {
        return "/pull/" + number;
    }

    @Override
    public String treePath(String what) {
        return "/tree/";
    }
}
