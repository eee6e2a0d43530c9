/// Takes a program and what it may see; gives the walls around it: users, files, control groups.
@NullMarked
package airlock.sandbox;

import org.jspecify.annotations.NullMarked;
