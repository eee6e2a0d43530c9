package airlock.forge;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.SkipMarks;
import airlock.event.Subject;
import java.util.Set;
import java.util.TreeSet;

/// A change request as Gitea, Forgejo and GitHub describe it in webhooks and in their API alike, so
/// that both ways say the same of it.
///
/// @param prefix where it lies in `fields`: empty, or ending in a dot
record ChangeFields(Forge forge, RepositoryId repository, JsonFields fields, String prefix) {
    private static final Set<String> WANTED =
            Set.of(
                    "number",
                    "title",
                    "draft",
                    "state",
                    "user.login",
                    "head.ref",
                    "head.sha",
                    "head.repo.id",
                    "base.ref",
                    "base.repo.id");

    /// The paths of what is read, for [JsonFields].
    static Set<String> wanted(String prefix) {
        var paths = new TreeSet<String>();
        WANTED.forEach(path -> paths.add(prefix + path));
        return paths;
    }

    /// Whether it wants to get into a branch of the repository that it is said to be of.
    boolean isOfTheRepository() {
        return repository.id().equals(Long.toString(fields.id(prefix + "base.repo.id")));
    }

    boolean isClosed() {
        return text("state").equals("closed");
    }

    Subject.Change subject() {
        return new Subject.Change(fields.id(prefix + "number"), fields.text(prefix + "base.ref"));
    }

    /// @param before the head that it had, [CommitId#NONE] where that is not told
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

    /// The branch of the repository itself that the forge gives for the head (T1 asks git); empty
    /// for a fork, for a head repository that is gone, and for AGit, which gives the repository
    /// itself and `refs/pull/N/head`.
    private String claimedBranch() {
        String ref = text("head.ref");
        boolean own =
                fields.has(prefix + "head.repo.id")
                        && repository
                                .id()
                                .equals(Long.toString(fields.id(prefix + "head.repo.id")));
        return own && !ref.startsWith("refs/") ? ref : "";
    }

    boolean isDraft() {
        return fields.flag(prefix + "draft") || forge.titleSaysDraft(text("title"));
    }

    private String text(String path) {
        return fields.textOrEmpty(prefix + path);
    }
}
