/// Takes the headers and bytes of a webhook request; gives an answer, after what the request means
/// was handed to whoever keeps it. Knows no HTTP framework and no database.
@NullMarked
package airlock.webhook;

import org.jspecify.annotations.NullMarked;
