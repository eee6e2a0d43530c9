package airlock.vm;

/// Limits for all steps of a VM together, enforced by the guest's kernel. A malicious guest can
/// ignore them; they are for plans that limit themselves and for operators of honest plans.
///
/// @param processes processes and threads at the same time, 0 for any number
/// @param memory bytes, 0 for all of the VM's
/// @param scratch bytes of `/ci`, 0 for all of it
public record GuestLimits(int processes, long memory, long scratch) {
    public static final GuestLimits NONE = new GuestLimits(0, 0, 0);

    public GuestLimits {
        if (processes < 0 || memory < 0 || scratch < 0) {
            throw new IllegalArgumentException(
                    "negative limits: %d processes, %d and %d bytes"
                            .formatted(processes, memory, scratch));
        }
    }

    public static GuestLimits ofProcesses(int most) {
        return new GuestLimits(most, 0, 0);
    }
}
