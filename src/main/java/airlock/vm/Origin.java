package airlock.vm;

import java.nio.file.Path;
import java.util.List;

/// How a VM begins.
sealed interface Origin {
    /// By booting.
    record Cold() implements Origin {}

    /// By booting, to be saved at its gate.
    ///
    /// @param ram file for its memory
    /// @param saved file for the state of its devices
    record Making(Path ram, Path saved) implements Origin {}

    /// As a copy of a VM that was saved at its gate.
    record Clone(Template template) implements Origin {}

    /// Files that QEMU reads for it besides the VM's own.
    default List<Path> readOnly() {
        return switch (this) {
            case Cold _, Making _ -> List.of();
            case Clone(var template) -> template.read();
        };
    }

    /// Files that QEMU writes for it besides the VM's own.
    default List<Path> writable() {
        return switch (this) {
            case Cold _, Clone _ -> List.of();
            case Making(var ram, var saved) -> List.of(ram, saved);
        };
    }
}
