/// Takes foreign text; gives text that is safe to show (H5). Also finds secrets in streams.
@NullMarked
package airlock.text;

import org.jspecify.annotations.NullMarked;
