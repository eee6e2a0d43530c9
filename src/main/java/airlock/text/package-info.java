/// Takes text that a stranger wrote; gives text that is safe to print, to log and to put on a page.
@NullMarked
package airlock.text;

import org.jspecify.annotations.NullMarked;
