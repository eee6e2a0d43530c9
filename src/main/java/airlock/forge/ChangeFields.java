package airlock.forge;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.SkipMarks;
import airlock.event.Subject;
import java.util.Set;
import java.util.stream.Collectors;

/// A change request of Gitea, Forgejo or GitHub, whose webhooks and APIs describe it alike.
///
/// @param prefix of its paths in `fields`: empty, or ending in a dot
record ChangeFields(Forge forge, RepositoryId repository, JsonFields fields, String prefix) {
    private static final Set<String> WANTED =
            Set.of(
                    ("number title draft state user.login head.ref head.sha head.repo.id base.ref"
                                    + " base.repo.id")
                            .split(" "));

    /// The paths to read, for [JsonFields].
    static Set<String> wanted(String prefix) {
        return WANTED.stream().map(prefix::concat).collect(Collectors.toSet());
    }

    /// Whether its target branch is one of `repository`.
    boolean isOfTheRepository() {
        return isRepository("base.repo.id");
    }

    private boolean isRepository(String path) {
        return repository.id().equals(Long.toString(fields.id(prefix + path)));
    }

    boolean isClosed() {
        return text("state").equals("closed");
    }

    Subject.Change subject() {
        return new Subject.Change(fields.id(prefix + "number"), fields.text(prefix + "base.ref"));
    }

    /// @param before its former head, [CommitId#NONE] if unknown
    ForgeEvent.ChangeOffered offered(CommitId before) {
        String title = text("title");
        return new ForgeEvent.ChangeOffered(
                repository,
                subject(),
                before,
                EventReader.present(fields, prefix + "head.sha"),
                claimedBranch(),
                new CommitSummary(title, text("user.login")),
                isDraft(),
                SkipMarks.in(title));
    }

    /// The branch of the repository itself that the forge names as the head (T1 verifies it with
    /// git); empty for a fork, a deleted fork, and AGit, whose head is `refs/pull/N/head` of the
    /// repository itself.
    private String claimedBranch() {
        String ref = text("head.ref");
        boolean own = fields.has(prefix + "head.repo.id") && isRepository("head.repo.id");
        return own && !ref.startsWith("refs/") ? ref : "";
    }

    boolean isDraft() {
        return fields.flag(prefix + "draft") || forge.titleSaysDraft(text("title"));
    }

    private String text(String path) {
        return fields.textOrEmpty(prefix + path);
    }
}
