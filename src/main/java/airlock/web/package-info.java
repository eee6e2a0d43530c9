/// Takes HTTP requests; gives pages, API answers, live logs, artifacts and badges of the
/// repositories that a client may see, and passes webhooks on. The only package that uses Javalin
/// and the page templates. Its data comes through [Views], [StoredLogs], [Artifacts] and
/// [Visibility].
@NullMarked
package airlock.web;

import org.jspecify.annotations.NullMarked;
