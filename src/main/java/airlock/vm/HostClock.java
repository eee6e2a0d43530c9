package airlock.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// The speed of this machine's time stamp counter, which TCG's guests read as well (QEMU 10.0,
/// `cpu_get_host_ticks`). A guest that measures it while this machine is busy may find a fraction,
/// and then its clock runs several times too fast.
final class HostClock {
    private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*:.*\\bconstant_tsc\\b");

    /// Twice the counter's frequency in MHz.
    private static final Pattern BOGOMIPS =
            Pattern.compile("(?m)^bogomips\\s*:\\s*([0-9]{1,6})\\.([0-9]{2})$");

    /// For the guest's kernel (kernel-parameters.txt); empty if this machine's speed is unknown.
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
