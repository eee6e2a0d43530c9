package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.BootFiles.Firmware;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The same by BIOS, and without a template: its boot takes a minute or two.
@Tag("vm")
@Tag("soak")
class CloudBiosInVmTest extends ImageFixture {
    @Test
    void aDiskForBiosBoots() throws Exception {
        startsFrom(CloudDisk.image(directory.resolve("images"), Firmware.BIOS));

        var end = end(spec(shell("test -d /sys/firmware/efi || echo bios; ls /sys/class/net")));

        assertThat(end).as(output(2)).isEqualTo(new VmEnd.Finished(true, Map.of()));
        assertThat(output(1)).isEqualTo("bios\nlo\n");
    }
}
