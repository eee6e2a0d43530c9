package airlock.forge;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import java.util.Locale;

/// The `pull_request` event.
final class ChangeReader {
    private final ForgeKind kind;
    private final RepositoryId repository;
    private final JsonFields fields;

    ChangeReader(ForgeKind kind, RepositoryId repository, JsonFields fields) {
        this.kind = kind;
        this.repository = repository;
        this.fields = fields;
    }

    Reading read() {
        if (!repository.id().equals(Long.toString(fields.id("pull_request.base.repo.id")))) {
            throw new MalformedBodyException(
                    "the change request is of another repository than the event");
        }
        String action = fields.text("action");
        return switch (action) {
            case "opened", "reopened", "ready_for_review" -> offered(CommitId.NONE);
            case "synchronize", "synchronized" ->
                    offered(
                            fields.has("before")
                                    ? EventReader.commit(fields, "before")
                                    : CommitId.NONE);
            case "edited" -> edited();
            case "closed" ->
                    new Reading.Understood(new ForgeEvent.ChangeClosed(repository, change()));
            default -> nothing("'" + EventReader.shown(action) + "' leaves the code as it was");
        };
    }

    /// An edit is of interest where it changes the target or ends the draft. What it was before is
    /// not told reliably: Gitea's `changes.ref.from` holds the new target.
    private Reading edited() {
        boolean retargeted = fields.has("changes.ref") || fields.has("changes.base");
        boolean ready = titleSaysDraft(fields.textOrEmpty("changes.title.from")) && !draft();
        return retargeted || ready
                ? offered(CommitId.NONE)
                : nothing("an edit of the text leaves the code as it was");
    }

    private Reading offered(CommitId before) {
        if (fields.textOrEmpty("pull_request.state").equals("closed")) {
            return nothing("the change request is closed");
        }
        String title = fields.textOrEmpty("pull_request.title");
        return new Reading.Understood(
                new ForgeEvent.ChangeOffered(
                        repository,
                        change(),
                        before,
                        EventReader.present(fields, "pull_request.head.sha"),
                        claimedBranch(),
                        new CommitSummary(title, fields.textOrEmpty("pull_request.user.login")),
                        draft(),
                        SkipMarks.in(title)));
    }

    /// The branch of the repository itself that the body gives for the head (T1 asks git); empty
    /// for a fork, for a head repository that is gone, and for AGit, which gives the repository
    /// itself and `refs/pull/N/head`.
    private String claimedBranch() {
        String ref = fields.textOrEmpty("pull_request.head.ref");
        boolean own =
                fields.has("pull_request.head.repo.id")
                        && repository
                                .id()
                                .equals(Long.toString(fields.id("pull_request.head.repo.id")));
        return own && !ref.startsWith("refs/") ? ref : "";
    }

    private Subject.Change change() {
        return new Subject.Change(
                fields.id("pull_request.number"), fields.text("pull_request.base.ref"));
    }

    private boolean draft() {
        return fields.flag("pull_request.draft")
                || titleSaysDraft(fields.textOrEmpty("pull_request.title"));
    }

    /// Gitea's and Forgejo's way to say draft (`[repository.pull-request]
    /// WORK_IN_PROGRESS_PREFIXES`, default `WIP:,[WIP]`); old ones have no field for it.
    private boolean titleSaysDraft(String title) {
        return switch (kind) {
            case GITHUB -> false;
            case GITEA, FORGEJO -> {
                String start = title.strip().toUpperCase(Locale.ROOT);
                yield start.startsWith("WIP:") || start.startsWith("[WIP]");
            }
        };
    }

    private Reading nothing(String reason) {
        return new Reading.NothingToDo(repository, reason);
    }
}
