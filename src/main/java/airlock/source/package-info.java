/// Takes a repository's address with a commit and the ref that should hold it, or a directory;
/// gives a reproducible tar of the commit's files, and with it the few files that tell what to
/// run.
///
/// Git's bytes are never parsed in the server: [ProcessFetcher] has a child process do it, one
/// per order ([FetchProcess] is its main class), and hears from it what came of it as an
/// [Answer].
@NullMarked
package airlock.source;

import org.jspecify.annotations.NullMarked;
