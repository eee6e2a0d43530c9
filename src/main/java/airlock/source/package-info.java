/// Takes a repository's address with a commit and the ref that should hold it, or a directory;
/// gives a reproducible tar of the commit's files, and the content of its plan files.
///
/// The server never parses git's bytes: [ProcessFetcher] starts a child JVM for each order
/// ([FetchProcess] is its main class) and gets an [Answer].
@NullMarked
package airlock.source;

import org.jspecify.annotations.NullMarked;
