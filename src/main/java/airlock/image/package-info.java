/// Takes a recipe and the guest program; gives an image: system disk, kernel and initramfs in a
/// directory, with facts about themselves.
@NullMarked
package airlock.image;

import org.jspecify.annotations.NullMarked;
