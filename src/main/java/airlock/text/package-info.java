/// Takes foreign text; gives text that is safe to show (H5).
@NullMarked
package airlock.text;

import org.jspecify.annotations.NullMarked;
