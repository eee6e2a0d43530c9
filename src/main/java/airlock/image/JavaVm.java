package airlock.image;

import airlock.vm.Emulation;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks for a Java virtual machine in an image. OpenJDK's writes over the first instruction of
/// compiled code that is running (`NativeJump::patch_verified_entry`, in all versions before 26).
final class JavaVm {
    private static final String LIBRARY = "/libjvm.so";
    private static final Pattern PACKAGE = Pattern.compile("openjdk-[0-9]+-jre-headless");

    private JavaVm() {}

    /// How an image with these files is emulated.
    static Emulation files(Stream<String> paths) {
        return emulation(paths.anyMatch(path -> path.endsWith(LIBRARY)));
    }

    /// How an image with these Debian packages is emulated.
    static Emulation packages(Set<String> installed) {
        return emulation(installed.stream().anyMatch(name -> PACKAGE.matcher(name).matches()));
    }

    private static Emulation emulation(boolean java) {
        return java ? Emulation.IN_TURN : Emulation.PARALLEL;
    }
}
