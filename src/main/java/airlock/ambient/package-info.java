/// Takes the files of an Ambient CI installation, its projects file and its configuration; gives
/// projects that can be run here, and the configuration that does the same. What is known of both
/// files is what Ambient 0.21 accepts.
@NullMarked
package airlock.ambient;

import org.jspecify.annotations.NullMarked;
