/// Takes the bytes of an untrusted YAML file; gives a small tree with positions, typed values read
/// from it, and every problem found, sorted.
@NullMarked
package airlock.yaml;

import org.jspecify.annotations.NullMarked;
