package airlock.machine;

/// The version of this Airlock.
public final class Build {
    private Build() {}

    /// From the jar's manifest.
    public static String version() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }
}
