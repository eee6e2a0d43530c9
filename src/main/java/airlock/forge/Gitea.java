package airlock.forge;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// Gitea, and Forgejo, which came of it (docs.gitea.com and forgejo.org "Webhooks", "API";
/// recordings of Gitea 1.25.5).
///
/// @param prefixes of its headers, its own first; Forgejo sends Gitea's too
record Gitea(List<String> prefixes) implements Forge {
    static final Gitea GITEA = new Gitea(List.of("X-Gitea-"));
    static final Gitea FORGEJO = new Gitea(List.of("X-Forgejo-", "X-Gitea-"));

    @Override
    public long largestBody() {
        return 5 << 20;
    }

    @Override
    public String headerPrefix() {
        return prefixes.getFirst();
    }

    /// A Forgejo's own header, if it came, is the only one that counts: a good signature of another
    /// name must not rescue a bad one.
    @Override
    public String header(String what, Headers headers) {
        return prefixes.stream()
                .map(prefix -> prefix + what)
                .filter(headers::has)
                .findFirst()
                .orElse(prefixes.getLast() + what);
    }

    @Override
    public String claimedSignature(Headers headers) {
        return headers.only(header("Signature", headers));
    }

    @Override
    public List<String> signatureLines(String hex) {
        return prefixes.stream().map(prefix -> prefix + "Signature: " + hex).toList();
    }

    /// By `[repository.pull-request] WORK_IN_PROGRESS_PREFIXES`, default `WIP:,[WIP]`; old ones
    /// have no field for it.
    @Override
    public boolean titleSaysDraft(String title) {
        String start = title.strip().toUpperCase(Locale.ROOT);
        return start.startsWith("WIP:") || start.startsWith("[WIP]");
    }

    @Override
    public Map<String, String> requestHeaders() {
        return Map.of("Accept", "application/json");
    }

    @Override
    public String authorizationScheme() {
        return "token";
    }

    @Override
    public HttpUrl.Builder pagesOf(int size, HttpUrl.Builder url) {
        return url.addQueryParameter("limit", Integer.toString(Math.min(size, 50)));
    }

    @Override
    public HttpUrl.Builder oldestFirst(HttpUrl.Builder url) {
        return url.addQueryParameter("sort", "oldest");
    }

    /// The body counts only what is on the page.
    @Override
    public long statuses(okhttp3.Headers headers, JsonNode body) {
        String count = headers.get("X-Total-Count");
        return count != null && count.matches("[0-9]{1,9}")
                ? Long.parseLong(count)
                : Long.MAX_VALUE;
    }

    @Override
    public String stateField() {
        return "status";
    }

    @Override
    public boolean isSameContext(String one, String other) {
        return one.equals(other);
    }

    /// Gitea 1.25.5 accepted a description of a million characters, too long to read.
    @Override
    public int longestDescription() {
        return 255;
    }

    /// Recordings 106 and 107.
    @Override
    public boolean mayLackCommit(int status) {
        return status == 404 || status == 500;
    }

    @Override
    public boolean knowsNoCommit(int status) {
        return status == 500 || status == 422;
    }

    @Override
    public boolean hasMergeQueue() {
        return false;
    }

    @Override
    public String howToGrantWriting() {
        return "give the token's user write access there, and the token the scope write:repository";
    }

    @Override
    public String howToGrantScopes() {
        return "give the token the scope write:repository";
    }

    @Override
    public String howToShowRepository() {
        return "unless the token is for public repositories only";
    }

    @Override
    public String changePath(long number) {
        return "/pulls/" + number;
    }

    @Override
    public String treePath(String what) {
        return "/src/" + what + "/";
    }
}
