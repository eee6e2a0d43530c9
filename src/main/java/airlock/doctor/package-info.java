/// Takes a configuration and this machine; gives findings, each with what to do. Changes nothing.
@NullMarked
package airlock.doctor;

import org.jspecify.annotations.NullMarked;
