package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.BootFiles.Firmware;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A cloud image boots by BIOS, without a template, which takes a minute or two.
@Tag("vm")
@Tag("soak")
class CloudBiosInVmTest extends ImageFixture {
    @Test
    void aDiskForBiosBoots() throws Exception {
        startsFrom(CloudDisk.image(directory.resolve("images"), Firmware.BIOS));

        var end = end(spec(shell("test -d /sys/firmware/efi || echo bios; ls /sys/class/net")));

        assertThat(end).as(output(2)).isEqualTo(PASSED);
        assertThat(output(1)).isEqualTo("bios\nlo\n");
    }
}
