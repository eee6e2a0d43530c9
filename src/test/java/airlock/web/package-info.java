/// Takes the web server as it is; gives its tests, over real HTTP on loopback, with doubles that
/// keep everything in memory.
@NullMarked
package airlock.web;

import org.jspecify.annotations.NullMarked;
