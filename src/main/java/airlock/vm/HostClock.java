package airlock.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// How fast this machine's time stamp counter runs. TCG's guests read the same counter (QEMU 10.0,
/// `cpu_get_host_ticks`); a guest that has to find out by itself while this machine is busy can
/// believe in a fraction of it, and its clock runs several times too fast then.
final class HostClock {
    private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*:.*\\bconstant_tsc\\b");

    /// The kernel makes it of the counter's frequency: twice that, in MHz.
    private static final Pattern BOGOMIPS =
            Pattern.compile("(?m)^bogomips\\s*:\\s*([0-9]{1,6})\\.([0-9]{2})$");

    /// For the guest's kernel (kernel-parameters.txt); empty where this machine does not tell.
    static final Optional<String> OPTION = option(read());

    private HostClock() {}

    private static String read() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException _) {
            return "";
        }
    }

    /// @param cpuinfo as Linux writes `/proc/cpuinfo`
    static Optional<String> option(String cpuinfo) {
        var bogomips = BOGOMIPS.matcher(cpuinfo);
        if (!FLAGS.matcher(cpuinfo).find() || !bogomips.find()) {
            return Optional.empty();
        }
        int hundredths = Integer.parseInt(bogomips.group(1) + bogomips.group(2));
        return Optional.of("tsc_early_khz=" + hundredths * 5L);
    }
}
