package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.sandbox.Hierarchy;
import airlock.sandbox.Hierarchy.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where groups can be made, on simulated hosts: files of `/proc`, and trees as directories.
class GroupSearchTest {
    @TempDir Path directory;
    private Path process;
    private Path tree;

    @BeforeEach
    void make() throws IOException {
        process = Files.createDirectory(directory.resolve("self"));
        tree = Files.createDirectory(directory.resolve("tree"));
    }

    private void groups(String... lines) throws IOException {
        Files.write(process.resolve("cgroup"), List.of(lines));
    }

    private void mounts(String... lines) throws IOException {
        Files.write(
                process.resolve("mountinfo"),
                Arrays.stream(lines).map(line -> line.replace("TREE", tree.toString())).toList());
    }

    private Path group(String path, String controllers, String passedOn) throws IOException {
        Path group = Files.createDirectories(tree.resolve(path));
        Files.writeString(group.resolve("cgroup.controllers"), controllers + "\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), passedOn + "\n");
        Files.writeString(group.resolve("cgroup.type"), "domain\n");
        return group;
    }

    private List<Hierarchy> found(boolean root) throws IOException {
        return new GroupSearch(process, root).find().hierarchies();
    }

    private void refused(boolean root, String... why) {
        assertThatThrownBy(() -> found(root))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(why);
    }

    private static void delegate(Path group) throws IOException {
        Files.getFileAttributeView(group, UserDefinedFileAttributeView.class)
                .write("delegate", ByteBuffer.wrap("1".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void withTheFirstVersionVmsGetGroupsBelowThisProcessesOwn() throws IOException {
        groups("8:pids:/", "4:memory:/jobs/one", "0::/");
        mounts(
                "30 20 0:26 / TREE/memory rw,relatime - cgroup cgroup rw,memory",
                "31 20 0:27 / TREE/pids rw,relatime shared:9 - cgroup cgroup rw,pids",
                "32 20 0:28 / TREE/unified rw,relatime - cgroup2 cgroup2 rw");
        Path memory = Files.createDirectories(tree.resolve("memory/jobs/one"));
        Path tasks = Files.createDirectories(tree.resolve("pids"));

        assertThat(found(true))
                .containsExactlyInAnyOrder(
                        new Hierarchy(memory, Kind.MEMORY_V1), new Hierarchy(tasks, Kind.TASKS_V1));
    }

    @Test
    void whereTheFirstVersionSharesCpusToVmsGetGroupsForThatToo() throws IOException {
        groups("9:cpu,cpuacct:/", "8:pids:/", "4:memory:/");
        mounts(
                "30 20 0:26 / TREE rw,relatime - cgroup cgroup rw,memory,pids",
                "31 20 0:27 / TREE/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct");
        Path cpu = Files.createDirectories(tree.resolve("cpu"));

        assertThat(found(true))
                .containsExactlyInAnyOrder(
                        new Hierarchy(tree, Kind.MEMORY_V1),
                        new Hierarchy(tree, Kind.TASKS_V1),
                        new Hierarchy(cpu, Kind.CPU_V1));
    }

    @Test
    void whereCpusAreNotHandedOverTheRestIsEnough() throws IOException {
        Path service = group("airlock.service", "memory pids", "");
        group("airlock.service/server", "", "");
        groups("0::/airlock.service/server");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");

        assertThat(found(false)).hasSize(1);
        assertThat(service.resolve("cgroup.subtree_control")).content().startsWith("+memory +pids");
    }

    @Test
    void aContainersMountShowsItsOwnGroupAsTheUppermost() throws IOException {
        groups("4:memory,pids:/docker/c0ffee");
        mounts("30 20 0:26 /docker/c0ffee TREE ro - cgroup cgroup rw,memory,pids");

        assertThat(found(true)).extracting(Hierarchy::directory).containsOnly(tree);
    }

    @Test
    void aFirstVersionWithoutATreeForTasksIsNotEnough() throws IOException {
        groups("4:memory:/", "0::/");
        mounts("30 20 0:26 / TREE rw - cgroup cgroup rw,memory");

        refused(true, "group for pids", "as root");
    }

    @Test
    void withTheSecondVersionVmsGetGroupsBesideThisProcessesOwn() throws IOException {
        Path service = group("airlock.service", "cpu memory pids", "cpu memory pids");
        group("airlock.service/server", "memory pids", "");
        delegate(service);
        groups("0::/airlock.service/server");
        mounts("30 20 0:26 / TREE rw,nosuid - cgroup2 cgroup2 rw,nsdelegate");

        assertThat(found(true)).containsExactly(new Hierarchy(service, Kind.ALL_V2));
        assertThat(found(false)).containsExactly(new Hierarchy(service, Kind.ALL_V2));
    }

    @Test
    void controllersThatAreNotPassedOnYetAreAskedFor() throws IOException {
        Path service = group("airlock.service", "cpu memory pids", "");
        group("airlock.service/server", "", "");
        groups("0::/airlock.service/server");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");

        assertThat(found(false)).hasSize(1);
        assertThat(service.resolve("cgroup.subtree_control"))
                .content()
                .startsWith("+memory +pids +cpu");
    }

    @Test
    void rootMakesNoGroupsWhereNobodyHasHandedOverAnything() throws IOException {
        group("system.slice", "memory pids", "memory pids");
        group("system.slice/airlock.service", "memory pids", "");
        groups("0::/system.slice/airlock.service");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");

        refused(true, "system.slice is not Airlock's", "Delegate=memory pids cpu");
    }

    @Test
    void groupsWithoutTheControllersAreNotEnough() throws IOException {
        group("mine", "cpu", "cpu");
        group("mine/server", "cpu", "");
        groups("0::/mine/server");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");

        refused(false, "no controllers for memory and pids");
    }

    @Test
    void theUppermostGroupThatIsSeenHasNoneBesideIt() throws IOException {
        group("", "memory pids", "");
        groups("0::/");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");

        refused(true, "uppermost group");
    }

    @Test
    void theRootOfAllGroupsMayHaveBothProcessesAndGroups() throws IOException {
        Files.delete(group("", "cpu memory pids", "cpu memory pids").resolve("cgroup.type"));
        groups("0::/");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");

        assertThat(found(true)).containsExactly(new Hierarchy(tree, Kind.ALL_V2));
    }

    @Test
    void aGroupOutsideOfWhatIsSeenIsNone() throws IOException {
        groups("0::/../other");
        mounts("30 20 0:26 / TREE rw - cgroup2 cgroup2 rw");
        refused(true, "no control group");

        groups("0::/a/b");
        mounts("30 20 0:26 /a/bc TREE rw - cgroup2 cgroup2 rw");
        refused(true, "no control group");
    }

    @Test
    void aHostWithoutAnyOrWithoutProcSaysSo() throws IOException {
        groups();
        mounts();
        refused(true, "no control group");

        Files.delete(process.resolve("cgroup"));
        refused(true, "cgroup");
    }
}
