/// Takes bytes, paths and things to do again and again; gives hashes, JSON within bounds, private
/// files that stay when the power goes, trees removed without following a link, background loops,
/// and words for what a file system refused.
@NullMarked
package airlock.base;

import org.jspecify.annotations.NullMarked;
