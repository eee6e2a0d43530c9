/// Takes a recipe or a disk and the guest program; gives an image: a directory with system disk,
/// kernel, initramfs and facts about them.
@NullMarked
package airlock.image;

import org.jspecify.annotations.NullMarked;
