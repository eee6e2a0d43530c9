package airlock.site;

import airlock.config.RepositoryConfig;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// What a person means by `OWNER/NAME` or `FORGE/OWNER/NAME`: never the first of several, since
/// nobody meant that.
public sealed interface Meant {
    record One(RepositoryConfig repository) implements Meant {}

    /// Not one.
    ///
    /// @param why in words for people
    record Nothing(String why) implements Meant {}

    static Meant by(String name, Configured configured) {
        var named = configured.allNamed(name);
        return switch (named.size()) {
            case 0 -> new Nothing("the configuration has no repository '" + name + "'");
            case 1 -> new One(named.getFirst());
            default ->
                    new Nothing(
                            "more than one forge has a repository '"
                                    + name
                                    + "'; say FORGE/"
                                    + name);
        };
    }

    /// What is done for the one that is meant; why nothing is where there is none, or not its id.
    static Reply reply(
            String name,
            Configured configured,
            BiFunction<RepositoryConfig, RepositoryId, Reply> then) {
        return switch (by(name, configured)) {
            case One(var repository) ->
                    configured
                            .idOf(repository)
                            .map(id -> then.apply(repository, id))
                            .orElseGet(() -> new Reply.Problem(withoutId(name)));
            case Nothing(var why) ->
                    new Reply.Problem(
                            why
                                    + "; there are "
                                    + configured.repositories().stream()
                                            .map(RepositoryConfig::name)
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        };
    }

    /// Why nothing can be done yet for a repository that the forge has not told the id of.
    static String withoutId(String name) {
        return "the forge's id of "
                + name
                + " is not known yet; set `id:` in the configuration or let the first webhook arrive";
    }
}
