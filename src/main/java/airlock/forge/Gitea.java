package airlock.forge;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// Gitea and its fork Forgejo (docs.gitea.com and forgejo.org "Webhooks", "API"; recordings of
/// Gitea 1.25.5).
///
/// @param prefixes of its headers, its own first; Forgejo sends Gitea's too
record Gitea(List<String> prefixes) implements Forge {
    static final Gitea GITEA = new Gitea(List.of("X-Gitea-"));
    private static final Traits TRAITS =
            new Traits(
                    5 << 20,
                    Map.of("Accept", "application/json"),
                    "token",
                    // Gitea 1.25.5 accepted a description of a million characters, too long to
                    // read; for an unknown commit see recordings 106 and 107
                    new Statuses("status", 255, false, Set.of(404, 500), Set.of(500, 422)),
                    false,
                    new Advice(
                            "give the token's user write access there, and the token the scope write:repository",
                            "give the token the scope write:repository",
                            "unless the token is for public repositories only"),
                    "/pulls/%d",
                    "/src/%s/");
    static final Gitea FORGEJO = new Gitea(List.of("X-Forgejo-", "X-Gitea-"));

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public String headerPrefix() {
        return prefixes.getFirst();
    }

    /// If Forgejo's own header is present, Gitea's is ignored: a valid signature there must not
    /// rescue an invalid one here.
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

    /// By the default of `[repository.pull-request] WORK_IN_PROGRESS_PREFIXES`; old versions have
    /// no field for drafts.
    @Override
    public boolean titleSaysDraft(String title) {
        String start = title.strip().toUpperCase(Locale.ROOT);
        return start.startsWith("WIP:") || start.startsWith("[WIP]");
    }

    @Override
    public HttpUrl.Builder pagesOf(int size, HttpUrl.Builder url) {
        return url.addQueryParameter("limit", Integer.toString(Math.min(size, 50)));
    }

    @Override
    public HttpUrl.Builder oldestFirst(HttpUrl.Builder url) {
        return url.addQueryParameter("sort", "oldest");
    }

    /// From the header: the body counts only the entries of the page.
    @Override
    public long statuses(okhttp3.Headers headers, JsonNode body) {
        return ForgeApi.number(headers, "X-Total-Count").orElse(Long.MAX_VALUE);
    }
}
