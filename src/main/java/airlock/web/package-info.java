/// Takes HTTP requests; gives pages, live logs, artifacts and badges of what is public, and hands
/// webhooks on. The only package that knows Javalin and the page templates. What it shows comes
/// through [Views], [LogSource], [Artifacts] and [Visibility], which others implement.
@NullMarked
package airlock.web;

import org.jspecify.annotations.NullMarked;
