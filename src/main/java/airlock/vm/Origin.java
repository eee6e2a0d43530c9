package airlock.vm;

import java.nio.file.Path;
import java.util.List;

/// What a VM begins with.
sealed interface Origin {
    /// A kernel that boots.
    record Cold() implements Origin {}

    /// A kernel that boots to be saved at its gate.
    ///
    /// @param ram the file that is its memory
    /// @param saved the file that gets the state of its devices
    record Making(Path ram, Path saved) implements Origin {}

    /// A copy of one that was saved at its gate.
    record Clone(Template template) implements Origin {}

    /// What QEMU reads for it besides the VM's own files.
    default List<Path> readOnly() {
        return switch (this) {
            case Cold _, Making _ -> List.of();
            case Clone(var template) -> template.read();
        };
    }

    /// What QEMU writes for it besides the VM's own files.
    default List<Path> writable() {
        return switch (this) {
            case Cold _, Clone _ -> List.of();
            case Making(var ram, var saved) -> List.of(ram, saved);
        };
    }
}
