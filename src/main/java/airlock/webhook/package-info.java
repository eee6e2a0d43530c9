/// Takes the headers and bytes of a webhook request; gives an answer, after the delivery and
/// what it causes are in the queue. Knows no HTTP framework.
@NullMarked
package airlock.webhook;

import org.jspecify.annotations.NullMarked;
