/// Takes the plan file of a commit as bytes; gives a checked plan or all of the file's problems,
/// and the guest program's steps for each phase.
@NullMarked
package airlock.plan;

import org.jspecify.annotations.NullMarked;
