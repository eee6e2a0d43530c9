package airlock.machine;

/// Which Airlock this is.
public final class Build {
    private Build() {}

    /// The version from the jar's manifest.
    public static String version() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }
}
