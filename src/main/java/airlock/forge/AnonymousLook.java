package airlock.forge;

import java.time.Duration;

/// Looks at a repository without credentials (T10).
///
/// **Threads**: any. **Failures**: none, each is an answer. **Limits**: one request, ten seconds
/// and 8 MiB; a redirect is never followed.
@FunctionalInterface
public interface AnonymousLook {
    Answer look(ForgeRepository repository);

    sealed interface Answer {
        /// The repository is public, and the name still belongs to it.
        record Shown() implements Answer {}

        record Hidden(String why) implements Answer {}

        /// The forge did not answer the question.
        ///
        /// @param pause how long the forge asked to wait; zero if it named no time
        record Unclear(String why, Duration pause) implements Answer {}
    }
}
