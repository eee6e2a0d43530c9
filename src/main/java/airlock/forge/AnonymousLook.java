package airlock.forge;

import java.time.Duration;

/// Looks at a repository as somebody whom the forge does not know (T10).
///
/// **Threads**: any, at once. **Failures**: none, each is an answer. **Limits**: one request
/// without any credentials, ten seconds and 8 MiB; a redirect is never followed.
@FunctionalInterface
public interface AnonymousLook {
    /// Looks now.
    Answer look(ForgeRepository repository);

    /// What was seen.
    sealed interface Answer {
        /// The forge shows the repository to everybody, and by that name it is still the same one.
        record Shown() implements Answer {}

        /// The forge does not show it to everybody.
        record Hidden(String why) implements Answer {}

        /// It can't be told.
        ///
        /// @param pause how long the forge wants to be left alone; zero where it does not say
        record Unclear(String why, Duration pause) implements Answer {}
    }
}
