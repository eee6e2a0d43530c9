package airlock.forge;

/// The change requests of one forge.
///
/// **Threads**: any. **Failures**: none, each is an answer. **Limits**: one call is one request,
/// two if a repository was renamed; half a minute and 8 MiB each. It follows no redirects and takes
/// no page addresses from answers.
public interface ChangeLister {
    /// Gets a page of the open ones: [ChangesAnswer.Page], [ChangesAnswer.Same] or a failure.
    ///
    /// @param page from 1
    /// @param etag of the last answer for this page, empty if there was none
    ChangesAnswer open(ForgeRepository repository, int page, String etag);

    /// Gets one: [ChangesAnswer.Open], [ChangesAnswer.Closed] or a failure.
    ChangesAnswer one(ForgeRepository repository, long number);

    /// Checks that the name still belongs to the repository: [ChangesAnswer.SameRepository] or a
    /// failure. An empty list does not show that.
    ChangesAnswer check(ForgeRepository repository);
}
