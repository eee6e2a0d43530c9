/// Takes the repository as it lies there; gives a red build where code, scripts and documents break
/// the project's own rules. Also the loopback forge that other tests and the demo talk to.
@NullMarked
package airlock.house;

import org.jspecify.annotations.NullMarked;
