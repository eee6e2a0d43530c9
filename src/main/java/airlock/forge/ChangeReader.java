package airlock.forge;

import airlock.event.CommitId;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.text.SafeText;

/// The `pull_request` event.
final class ChangeReader {
    private final RepositoryId repository;
    private final JsonFields fields;
    private final ChangeFields change;

    ChangeReader(Forge forge, RepositoryId repository, JsonFields fields) {
        this.repository = repository;
        this.fields = fields;
        this.change = new ChangeFields(forge, repository, fields, "pull_request.");
    }

    EventReading read() {
        if (!change.isOfTheRepository()) {
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
                    new EventReading.Understood(
                            new ForgeEvent.ChangeClosed(repository, change.subject()));
            default -> nothing(SafeText.quoted(action) + " leaves the code as it was");
        };
    }

    /// An edit is of interest where it changes the target or ends the draft. What it was before is
    /// not told reliably: Gitea's `changes.ref.from` holds the new target.
    private EventReading edited() {
        boolean retargeted = fields.has("changes.ref") || fields.has("changes.base");
        boolean ready =
                change.forge().titleSaysDraft(fields.textOrEmpty("changes.title.from"))
                        && !change.isDraft();
        return retargeted || ready
                ? offered(CommitId.NONE)
                : nothing("an edit of the text leaves the code as it was");
    }

    private EventReading offered(CommitId before) {
        if (change.isClosed()) {
            return nothing("the change request is closed");
        }
        return new EventReading.Understood(change.offered(before));
    }

    private EventReading nothing(String reason) {
        return new EventReading.NothingToDo(repository, reason);
    }
}
