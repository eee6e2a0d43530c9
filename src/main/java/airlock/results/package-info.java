/// Takes the reports, logs and outputs of phases; gives the verdict of a run, its history for
/// people and single files of its artifacts.
@NullMarked
package airlock.results;

import org.jspecify.annotations.NullMarked;
