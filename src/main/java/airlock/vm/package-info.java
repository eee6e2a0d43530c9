/// Takes an image, drives and limits; gives a virtual machine's records, log and end. Knows no word
/// of CI.
@NullMarked
package airlock.vm;

import org.jspecify.annotations.NullMarked;
