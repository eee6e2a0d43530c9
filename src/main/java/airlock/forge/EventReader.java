package airlock.forge;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.SkipMarks;
import airlock.event.Subject;
import airlock.text.SafeText;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
        return switch (ofEvent(eventName)) {
            case EventReading.Understood understood ->
                    new EventReading.Understood(
                            understood.event(), fields.textOrEmpty("repository.default_branch"));
            case EventReading other -> other;
        };
    }

    private EventReading ofEvent(String eventName) {
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
        CommitId after = commit("after");
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
            return new EventReading.Understood(
                    pushedBranch(new Subject.Branch(ref), before, after));
        }
        if (ref.startsWith("refs/tags/")) {
            return new EventReading.Understood(pushedTag(new Subject.Tag(ref), before, after));
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
        return new ForgeEvent.Pushed(repository(), branch, before, after, summary(), skipped);
    }

    private ForgeEvent pushedTag(Subject.Tag tag, CommitId before, CommitId after) {
        return after.isNone()
                ? new ForgeEvent.Deleted(repository(), tag)
                : new ForgeEvent.Tagged(repository(), tag, before, after, summary());
    }

    private EventReading mergeGroup() {
        String ref = fields.text("merge_group.head_ref");
        var group = Subject.MergeGroup.of(ref);
        String action = fields.text("action");
        return switch (action) {
            case "checks_requested" ->
                    new EventReading.Understood(
                            new ForgeEvent.MergeGroupOffered(
                                    repository(),
                                    group,
                                    present(fields, "merge_group.head_sha"),
                                    new CommitSummary(
                                            fields.textOrEmpty("merge_group.head_commit.message"),
                                            fields.textOrEmpty(
                                                    "merge_group.head_commit.author.name"))));
            case "destroyed" ->
                    new EventReading.Understood(
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
                    new EventReading.Understood(
                            new ForgeEvent.ChangeClosed(repository(), change.subject()));
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
                : new EventReading.Understood(change.offered(before));
    }

    private EventReading created() {
        if (!fields.text("ref_type").equals("tag")) {
            return nothing("a new branch is tested when its push is told");
        }
        if (!fields.has("sha")) {
            return nothing("a new tag is tested when its push is told");
        }
        return new EventReading.Understood(
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
            case "branch" -> gone(new Subject.Branch("refs/heads/" + name));
            case "tag" -> gone(new Subject.Tag("refs/tags/" + name));
            default -> nothing("what was deleted is neither a branch nor a tag");
        };
    }

    private EventReading gone(Subject ref) {
        return new EventReading.Understood(new ForgeEvent.Deleted(repository(), ref));
    }

    private CommitSummary summary() {
        return new CommitSummary(
                fields.textOrEmpty("head_commit.message"),
                fields.textOrEmpty("head_commit.author.name"));
    }

    private CommitId commitOrNone(String path) {
        return fields.has(path) ? commit(path) : CommitId.NONE;
    }

    private CommitId commit(String path) {
        return commit(fields, path);
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
}
