/// Takes text that strangers wrote; gives text that people can be shown (H5).
@NullMarked
package airlock.text;

import org.jspecify.annotations.NullMarked;
