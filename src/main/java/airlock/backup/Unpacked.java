package airlock.backup;

import java.util.List;

/// What was in a backup whose checksums hold.
///
/// @param names of its files, below the state directory
record Unpacked(Head head, List<String> names) {
    Unpacked {
        names = List.copyOf(names);
    }
}
