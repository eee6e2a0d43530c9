/// Takes bytes, paths and repeated actions; gives hashes, JSON with limits, private and durable
/// files, trees removed without following links, background loops, and words for I/O faults.
@NullMarked
package airlock.base;

import org.jspecify.annotations.NullMarked;
