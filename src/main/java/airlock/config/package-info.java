/// Takes the operator's YAML file and the secret files and environment variables that it refers to;
/// gives one tree of records, or all of the file's problems at once.
@NullMarked
package airlock.config;

import org.jspecify.annotations.NullMarked;
