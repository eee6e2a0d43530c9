/// Takes nothing but the JDK; gives the terms that all packages share: events of a forge, their
/// repository and subject, and the trust class of their code.
@NullMarked
package airlock.event;

import org.jspecify.annotations.NullMarked;
