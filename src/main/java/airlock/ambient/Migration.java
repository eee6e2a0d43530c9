package airlock.ambient;

import airlock.plan.OperatorBlock;
import airlock.text.SafeText;
import airlock.yaml.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Writes a configuration that replaces an Ambient installation. Comments explain what has no
/// counterpart. It is valid once the forge's token exists.
public final class Migration {
    private static final int LONGEST = 200;
    private static final long LEAST_DRIVE = 1L << 20;
    private static final long MOST_DRIVE = 1L << 44;
    private static final long LEAST_MEMORY = 128L << 20;
    private static final long MOST_MEMORY = 1L << 42;
    private static final long MOST_CPUS = 64;
    private static final long MEGA = 1_000_000;
    private static final long GIGA = 1_000_000_000;

    private final AmbientConfig config;
    private final List<Project> projects;
    private final StringBuilder text = new StringBuilder();

    public Migration(AmbientConfig config, List<Project> projects) {
        this.config = config;
        this.projects = List.copyOf(projects);
    }

    /// The text in YAML.
    ///
    /// @param files its sources, for people
    public String text(List<Path> files) {
        line("# Airlock's configuration, made by `airlock migrate ambient` from:");
        if (files.isEmpty()) {
            line("#   nothing: there are no files of Ambient's");
        }
        files.forEach(file -> line("#   " + SafeText.line(file.toString(), LONGEST)));
        line(
                "# Change what says \"example.org\" and \"alice\", make the file"
                        + " secrets/forge-token,");
        line("# then: airlock check --config FILE. docs/configuration.md explains every key.");
        withoutCounterpart();
        line("base_url: https://ci.example.org");
        line("forges:");
        line("  forge:");
        line("    kind: forgejo");
        line("    url: https://forge.example.org");
        line("    token: {file: secrets/forge-token}");
        var images = new ImageNames(projects);
        images(images);
        limits();
        text.append(new OperatorBlock(repositories(images)).text());
        return text.toString();
    }

    private void withoutCounterpart() {
        var remarks = new ArrayList<String>();
        var qemu = config.qemu();
        String kernel = "machines boot a kernel directly";
        remark(remarks, "executor", config.executor(), "Airlock brings its own");
        remark(
                remarks,
                "tmpdir",
                config.tmpdir(),
                "all lies in `state`, /var/lib/airlock unless set");
        remark(
                remarks,
                "state",
                config.state(),
                "it is not read; caches are filled anew by the first run");
        remark(
                remarks,
                "image_store",
                config.imageStore(),
                "`airlock image list` shows Airlock's own");
        remark(remarks, "qemu.kvm_binary", qemu.kvmBinary(), "QEMU is found by its name");
        remark(remarks, "qemu.ovmf_code_file", qemu.ovmfCodeFile(), kernel);
        remark(remarks, "qemu.ovmf_vars_file", qemu.ovmfVarsFile(), kernel);
        config.uefi().ifPresent(_ -> remarks.add("uefi: " + kernel));
        config.lint()
                .ifPresent(
                        _ ->
                                remarks.add(
                                        "lint: a finding never stops a run; `airlock lint` tells"
                                                + " all"));
        if (!remarks.isEmpty()) {
            line("#");
            line("# What Ambient's configuration has and this one has not:");
            remarks.forEach(remark -> line("#   " + remark));
        }
    }

    private static void remark(
            List<String> remarks, String key, Optional<String> value, String why) {
        value.map(text -> "%s (%s): %s".formatted(key, SafeText.line(text, LONGEST), why))
                .ifPresent(remarks::add);
    }

    private void images(ImageNames names) {
        if (projects.isEmpty()) {
            return;
        }
        line("images:");
        var shown = new HashSet<String>();
        for (Project project : projects) {
            String name = names.of(project);
            if (shown.add(name)) {
                line(
                        "  # "
                                + SafeText.line(
                                        ImageNames.command(project.image(), name, ""), LONGEST));
                line("  %s: {kept: %s}".formatted(name, FlowText.quoted(name)));
            }
        }
        line("default_image: " + FlowText.quoted(names.of(projects.getFirst())));
    }

    private void limits() {
        var limits = new TreeMap<String, String>();
        limit(limits, "artifacts", LEAST_DRIVE, MOST_DRIVE, config.artifactsMaxSize());
        limit(limits, "cache", LEAST_DRIVE, MOST_DRIVE, config.cacheMaxSize());
        limit(limits, "dependencies", LEAST_DRIVE, MOST_DRIVE, config.dependenciesMaxSize());
        limit(limits, "memory", LEAST_MEMORY, MOST_MEMORY, config.actualMemory());
        config.actualCpus()
                .ifPresent(
                        cpus ->
                                limits.put(
                                        "cpus",
                                        Math.clamp(cpus, 1, MOST_CPUS) + was(cpus, 1, MOST_CPUS)));
        if (!limits.isEmpty()) {
            line("# Sizes as Ambient had them; a repository can have others.");
            line("limits:");
            limits.forEach((key, value) -> line("  " + key + ": " + value));
        }
    }

    private void limit(
            Map<String, String> limits, String key, long least, long most, Optional<Long> asked) {
        asked.ifPresent(
                bytes -> {
                    String size = size(Math.clamp(bytes, least, most));
                    String ignored = key.equals("dependencies") ? " # which Ambient ignored" : "";
                    limits.put(key, size + was(bytes, least, most) + ignored);
                });
    }

    /// With the unit that needs the fewest digits.
    private static String size(long bytes) {
        String shortest = Units.showSize(bytes);
        for (var unit : List.of("GB", "MB")) {
            long thousands = unit.equals("GB") ? GIGA : MEGA;
            String other = bytes / thousands + " " + unit;
            if (bytes % thousands == 0 && other.length() < shortest.length()) {
                shortest = other;
            }
        }
        return shortest;
    }

    private static String was(long number, long least, long most) {
        return number < least || number > most ? " # was %d".formatted(number) : "";
    }

    private List<OperatorBlock.Repository> repositories(ImageNames images) {
        var names = new RepositoryNames(projects);
        return projects.stream()
                .map(
                        project ->
                                new MovedRepository(config, project, "alice/" + names.of(project))
                                        .block(FlowText.quoted(images.of(project))))
                .toList();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
