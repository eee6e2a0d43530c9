package airlock.vm;

/// What all steps of a VM together may use, kept by the guest's kernel: a guest that lies has as
/// much as its machine has. The limit of a plan for itself, or of an operator for honest plans.
///
/// @param processes how many processes and threads at once, 0 for any number
/// @param memory bytes, 0 for all that the VM has
/// @param scratch bytes of `/ci`, 0 for all of it
public record GuestLimits(int processes, long memory, long scratch) {
    /// None at all.
    public static final GuestLimits NONE = new GuestLimits(0, 0, 0);

    public GuestLimits {
        if (processes < 0 || memory < 0 || scratch < 0) {
            throw new IllegalArgumentException(
                    "negative limits: %d processes, %d and %d bytes"
                            .formatted(processes, memory, scratch));
        }
    }

    /// One on processes alone.
    public static GuestLimits ofProcesses(int most) {
        return new GuestLimits(most, 0, 0);
    }
}
