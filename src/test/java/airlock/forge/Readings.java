package airlock.forge;

import airlock.event.CommitId;
import airlock.event.ForgeEvent;
import airlock.event.Subject;
import airlock.forge.Forge.EventReading;

/// A reading as one line of text, for comparison with a file.
public final class Readings {
    private Readings() {}

    public static String line(EventReading reading) {
        return switch (reading) {
            case EventReading.Understood(ForgeEvent event, _) ->
                    "repository %s %s".formatted(event.repository().id(), line(event));
            case EventReading.NothingToDo(var repository, String reason) ->
                    "repository %s nothing: %s".formatted(repository.id(), reason);
            case EventReading.NoRepository(String reason) -> "nothing: " + reason;
            case EventReading.Malformed(String why) -> "malformed: " + why;
        };
    }

    private static String line(ForgeEvent event) {
        return switch (event) {
            case ForgeEvent.Pushed e ->
                    "pushed %s %s..%s%s '%s' by %s"
                            .formatted(
                                    e.branch().ref(),
                                    brief(e.before()),
                                    brief(e.after()),
                                    e.skipped() ? " skipped" : "",
                                    e.summary().title(),
                                    e.summary().author());
            case ForgeEvent.Tagged e ->
                    "tagged %s %s..%s"
                            .formatted(e.tag().ref(), brief(e.before()), brief(e.after()));
            case ForgeEvent.Deleted e -> "deleted " + e.ref().key();
            case ForgeEvent.ChangeOffered e ->
                    "offered %s %s..%s branch '%s'%s%s '%s' by %s"
                            .formatted(
                                    line(e.change()),
                                    brief(e.before()),
                                    brief(e.head()),
                                    e.headRef(),
                                    e.draft() ? " draft" : "",
                                    e.skipped() ? " skipped" : "",
                                    e.summary().title(),
                                    e.summary().author());
            case ForgeEvent.MergeGroupOffered e ->
                    "merge group %s into %s at %s '%s' by %s"
                            .formatted(
                                    e.group().shortName(),
                                    e.group().target(),
                                    brief(e.head()),
                                    e.summary().title(),
                                    e.summary().author());
            case ForgeEvent.MergeGroupGone e ->
                    "merge group %s gone: %s".formatted(e.group().shortName(), e.reason());
            case ForgeEvent.ChangeClosed e -> "closed " + line(e.change());
        };
    }

    private static String line(Subject.Change change) {
        return "#%d into %s".formatted(change.number(), change.target());
    }

    private static String brief(CommitId id) {
        return id.isNone() ? "none" : id.hex().substring(0, 7);
    }
}
