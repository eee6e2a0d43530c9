package airlock.app;

import airlock.config.RepositoryConfig;

/// What a person means by `OWNER/NAME` or `FORGE/OWNER/NAME`: never the first of several, since
/// nobody meant that.
sealed interface Meant {
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

    /// Why nothing can be done yet for a repository that the forge has not told the id of.
    static String withoutId(String name) {
        return "the forge's id of "
                + name
                + " is not known yet; set `id:` in the configuration or let the first webhook arrive";
    }
}
