package airlock.forge;

/// The change requests at one forge.
///
/// **Threads**: any, at once. **Failures**: none, each is an answer. **Limits**: one call is one
/// request, or two where a repository got another name; half a minute and 8 MiB each. Redirects are
/// never followed, and the addresses of further pages are never taken from an answer.
public interface ChangeLister {
    /// Asks for a page of the open ones: [ChangesAnswer.Page], [ChangesAnswer.Same] or why not.
    ///
    /// @param page from 1
    /// @param etag of this page's last answer, empty for none
    ChangesAnswer open(ForgeRepository repository, int page, String etag);

    /// Asks how one stands: [ChangesAnswer.Open], [ChangesAnswer.Closed] or why not.
    ChangesAnswer one(ForgeRepository repository, long number);

    /// Asks whether the name still is the repository's: [ChangesAnswer.SameRepository] or why not.
    /// A list without an entry does not tell.
    ChangesAnswer check(ForgeRepository repository);
}
