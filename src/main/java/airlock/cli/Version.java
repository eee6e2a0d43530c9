package airlock.cli;

import airlock.machine.Build;
import picocli.CommandLine.IVersionProvider;

/// The version from the jar's manifest.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"airlock " + Build.version()};
    }
}
