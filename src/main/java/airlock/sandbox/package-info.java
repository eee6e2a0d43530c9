/// Takes a program and the files that it may use; gives the walls around it (users, files, control
/// groups), and child JVMs that exchange records with the server.
@NullMarked
package airlock.sandbox;

import org.jspecify.annotations.NullMarked;
