/// Takes the plan file of a commit as bytes; gives a checked plan, or every reason why it is none,
/// and for each phase the guest program's steps.
@NullMarked
package airlock.plan;

import org.jspecify.annotations.NullMarked;
