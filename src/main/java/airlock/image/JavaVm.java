package airlock.image;

import airlock.vm.BootFiles.Emulation;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks for a Java virtual machine in an image. Before version 26, OpenJDK overwrites the first
/// instruction of compiled code while it runs (`NativeJump::patch_verified_entry`).
final class JavaVm {
    private static final String LIBRARY = "/libjvm.so";
    private static final Pattern PACKAGE = Pattern.compile("openjdk-[0-9]+-jre-headless");

    private JavaVm() {}

    static Emulation files(Stream<String> paths) {
        return emulation(paths.anyMatch(path -> path.endsWith(LIBRARY)));
    }

    static Emulation packages(Set<String> installed) {
        return emulation(installed.stream().anyMatch(name -> PACKAGE.matcher(name).matches()));
    }

    private static Emulation emulation(boolean java) {
        return java ? Emulation.IN_TURN : Emulation.PARALLEL;
    }
}
