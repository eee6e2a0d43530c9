/// Takes the files of an Ambient CI installation, its projects file and its configuration; gives
/// projects that Airlock can run, and an equivalent configuration. It reads both files as Ambient
/// 0.21 does.
@NullMarked
package airlock.ambient;

import org.jspecify.annotations.NullMarked;
