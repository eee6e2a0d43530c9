package airlock.forge;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.SkipMarks;
import airlock.event.Subject;
import airlock.forge.Forge.EventReading;
import airlock.forge.JsonFields.MalformedBodyException;
import airlock.text.SafeText;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Reads the body of a webhook of Gitea, Forgejo or GitHub, whose formats are nearly the same.
/// Repositories are identified by id, never by name.
final class EventReader {
    private static final String PATHS =
            """
            ref ref_type before after sha action reason
            repository.id repository.default_branch
            head_commit.id head_commit.message head_commit.author.name
            changes.ref changes.base changes.title.from
            merge_group.head_ref merge_group.head_sha
            merge_group.head_commit.message merge_group.head_commit.author.name
            """;
    private static final Set<String> WANTED = wanted();

    private final Forge forge;
    private final String name;
    private final JsonFields fields;

    EventReader(Forge forge, String name, byte[] body) {
        this.forge = forge;
        this.name = name;
        this.fields = JsonFields.read(body, WANTED);
    }

    private static Set<String> wanted() {
        var paths = new TreeSet<>(ChangeFields.wanted("pull_request."));
        paths.addAll(List.of(PATHS.split("\\s+")));
        return paths;
    }

    EventReading read(String eventName) {
        return switch (eventName) {
            case "push" -> push();
            case "create" -> created();
            case "delete" -> deleted();
            case "pull_request" -> change();
            case "merge_group" -> mergeGroup();
            case "ping" -> nothing("the hook works; a ping asks for nothing");
            case "status" -> nothing("a commit status, such as Airlock's own, is not tested");
            // at Gitea `repository` is the new fork, not the hook's repository
            case "fork" ->
                    new EventReading.NoRepository("a fork is tested when it offers a change");
            default -> nothing("event " + SafeText.quoted(eventName) + " is not tested");
        };
    }

    private EventReading push() {
        String ref = fields.text("ref");
        CommitId before = commitOrNone("before");
        CommitId after = commit(fields, "after");
        if (!ref.startsWith("refs/")) {
            // Gitea's test button sends the short name of a branch
            ref = "refs/heads/" + ref;
        }
        if (before.equals(after)) {
            // a test delivery: nothing moved, so the ref's former commit is unknown
            before = CommitId.NONE;
        }
        if (Subject.MergeGroup.isBranchOfOne(ref)) {
            return nothing("a merge queue's own branch is tested when 'merge_group' asks for it");
        }
        if (ref.startsWith("refs/heads/")) {
            return understood(pushedBranch(new Subject.Branch(ref), before, after));
        }
        if (ref.startsWith("refs/tags/")) {
            return understood(pushedTag(new Subject.Tag(ref), before, after));
        }
        return nothing(SafeText.quoted(ref) + " is neither a branch nor a tag");
    }

    private ForgeEvent pushedBranch(Subject.Branch branch, CommitId before, CommitId after) {
        if (after.isNone()) {
            return new ForgeEvent.Deleted(repository(), branch);
        }
        boolean skipped =
                fields.textOrEmpty("head_commit.id").equals(after.hex())
                        && SkipMarks.in(fields.textOrEmpty("head_commit.message"));
        return new ForgeEvent.Pushed(
                repository(), branch, before, after, summary("head_commit"), skipped);
    }

    private ForgeEvent pushedTag(Subject.Tag tag, CommitId before, CommitId after) {
        return after.isNone()
                ? new ForgeEvent.Deleted(repository(), tag)
                : new ForgeEvent.Tagged(repository(), tag, before, after, summary("head_commit"));
    }

    private EventReading mergeGroup() {
        var group = Subject.MergeGroup.of(fields.text("merge_group.head_ref"));
        String action = fields.text("action");
        return switch (action) {
            case "checks_requested" ->
                    understood(
                            new ForgeEvent.MergeGroupOffered(
                                    repository(),
                                    group,
                                    present(fields, "merge_group.head_sha"),
                                    summary("merge_group.head_commit")));
            case "destroyed" ->
                    understood(
                            new ForgeEvent.MergeGroupGone(
                                    repository(),
                                    group,
                                    SafeText.line(fields.textOrEmpty("reason"), SafeText.SAID)));
            default -> nothing(SafeText.quoted(action) + " of a merge group asks for no test");
        };
    }

    private EventReading change() {
        var change = new ChangeFields(forge, repository(), fields, "pull_request.");
        if (!change.isOfTheRepository()) {
            throw new MalformedBodyException(
                    "the change request is of another repository than the event");
        }
        String action = fields.text("action");
        return switch (action) {
            case "opened", "reopened", "ready_for_review" -> offered(change, CommitId.NONE);
            case "synchronize", "synchronized" -> offered(change, commitOrNone("before"));
            case "edited" -> edited(change);
            case "closed" ->
                    understood(new ForgeEvent.ChangeClosed(repository(), change.subject()));
            default -> nothing(SafeText.quoted(action) + " leaves the code as it was");
        };
    }

    /// An edit matters if it changes the target or ends the draft. The former target is not in the
    /// body: Gitea's `changes.ref.from` holds the new one.
    private EventReading edited(ChangeFields change) {
        boolean retargeted = fields.has("changes.ref") || fields.has("changes.base");
        boolean ready =
                forge.titleSaysDraft(fields.textOrEmpty("changes.title.from")) && !change.isDraft();
        return retargeted || ready
                ? offered(change, CommitId.NONE)
                : nothing("an edit of the text leaves the code as it was");
    }

    private EventReading offered(ChangeFields change, CommitId before) {
        return change.isClosed()
                ? nothing("the change request is closed")
                : understood(change.offered(before));
    }

    private EventReading created() {
        String type = fields.text("ref_type");
        if (!type.equals("tag") || !fields.has("sha")) {
            String what = type.equals("tag") ? "tag" : "branch";
            return nothing("a new " + what + " is tested when its push is told");
        }
        return understood(
                new ForgeEvent.Tagged(
                        repository(),
                        new Subject.Tag("refs/tags/" + fields.text("ref")),
                        CommitId.NONE,
                        present(fields, "sha"),
                        CommitSummary.NONE));
    }

    private EventReading deleted() {
        String name = fields.text("ref");
        if (fields.has("sha")) {
            // event names are not signed: a replayed `create` must not pass for a `delete`
            throw new MalformedBodyException("the body of a deletion names a commit");
        }
        return switch (fields.text("ref_type")) {
            case "branch" -> deleted(new Subject.Branch("refs/heads/" + name));
            case "tag" -> deleted(new Subject.Tag("refs/tags/" + name));
            default -> nothing("what was deleted is neither a branch nor a tag");
        };
    }

    private EventReading deleted(Subject ref) {
        return understood(new ForgeEvent.Deleted(repository(), ref));
    }

    private EventReading understood(ForgeEvent event) {
        return new EventReading.Understood(event, fields.textOrEmpty("repository.default_branch"));
    }

    private CommitSummary summary(String commit) {
        return new CommitSummary(
                fields.textOrEmpty(commit + ".message"),
                fields.textOrEmpty(commit + ".author.name"));
    }

    private CommitId commitOrNone(String path) {
        return fields.has(path) ? commit(fields, path) : CommitId.NONE;
    }

    /// A commit id; all zeros are [CommitId#NONE], whatever their length.
    private static CommitId commit(JsonFields fields, String path) {
        var id = new CommitId(fields.text(path));
        return id.isNone() ? CommitId.NONE : id;
    }

    private RepositoryId repository() {
        return new RepositoryId(name, Long.toString(fields.id("repository.id")));
    }

    private EventReading nothing(String reason) {
        return fields.has("repository.id")
                ? new EventReading.NothingToDo(repository(), reason)
                : new EventReading.NoRepository(reason);
    }

    /// A commit id that must not be all zeros.
    static CommitId present(JsonFields fields, String path) {
        CommitId id = commit(fields, path);
        if (id.isNone()) {
            throw new MalformedBodyException("'" + path + "' is all zeros");
        }
        return id;
    }

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
            return new Subject.Change(
                    fields.id(prefix + "number"), fields.text(prefix + "base.ref"));
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

        /// The branch of the repository itself that the forge names as the head (T1 verifies it
        /// with git); empty for a fork, a deleted fork, and AGit, whose head is `refs/pull/N/head`
        /// of the repository itself.
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
}
