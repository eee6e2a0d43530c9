package airlock.ambient;

import airlock.config.RsyncTarget;
import airlock.config.SecretName;
import airlock.event.Phase;
import airlock.plan.OperatorBlock;
import airlock.text.SafeText;
import airlock.yaml.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
        var names = new ProjectNames(projects);
        images(names);
        limits();
        text.append(new OperatorBlock(repositories(names)).text());
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

    private void images(ProjectNames names) {
        if (projects.isEmpty()) {
            return;
        }
        line("images:");
        var shown = new HashSet<String>();
        for (Project project : projects) {
            String name = names.image(project);
            if (shown.add(name)) {
                line(
                        "  # "
                                + SafeText.line(
                                        ProjectNames.command(project.image(), name, ""), LONGEST));
                line("  %s: {kept: %s}".formatted(name, FlowText.quoted(name)));
            }
        }
        line("default_image: " + FlowText.quoted(names.image(projects.getFirst())));
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

    private List<OperatorBlock.Repository> repositories(ProjectNames names) {
        return projects.stream()
                .map(
                        project ->
                                new MovedRepository(
                                                config,
                                                project,
                                                "alice/" + names.repository(project))
                                        .block(FlowText.quoted(names.image(project))))
                .toList();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /// A project as a repository of the configuration.
    static final class MovedRepository {
        private static final String SSH_KEY = "ssh_key";
        private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

        private final AmbientConfig config;
        private final Project project;
        private final String name;
        private final List<String> remarks = new ArrayList<>();
        private final Map<String, String> targets = new HashMap<>();
        private final Set<String> places = new HashSet<>();
        private final List<String> secrets = new ArrayList<>();

        MovedRepository(AmbientConfig config, Project project, String name) {
            this.config = config;
            this.project = project;
            this.name = name;
        }

        OperatorBlock.Repository block(String image) {
            remarks.add(
                    "The project %s, which was tested in %s."
                            .formatted(
                                    SafeText.quoted(project.name()),
                                    SafeText.line(project.source().toString(), 200)));
            if (project.plan().actionsOf(Phase.POST_PLAN).isEmpty()) {
                if (!config.secrets().orElse(List.of()).isEmpty()) {
                    remarks.add("It publishes nothing, so it gets no secrets.");
                }
            } else {
                rsync();
                dput();
                secrets();
            }
            return new OperatorBlock.Repository(
                    project.plan(), name, image, remarks, targets, places, secrets);
        }

        private void rsync() {
            config.rsyncTarget(project.name())
                    .ifPresent(
                            target -> {
                                try {
                                    var read = RsyncTarget.of(target);
                                    targets.put("rsync", FlowText.quoted(target));
                                    places.add(read.host() + ":" + read.port());
                                } catch (IllegalArgumentException e) {
                                    remarks.add(
                                            "Its rsync target has no counterpart: "
                                                    + e.getMessage());
                                }
                            });
        }

        private void dput() {
            config.dputTarget()
                    .ifPresent(
                            target -> {
                                if (WORD.matcher(target).matches()) {
                                    targets.put("dput", FlowText.quoted(target));
                                    remarks.add(
                                            "Add the server of %s in dput.cf to network.post_plan.allow."
                                                    .formatted(SafeText.quoted(target)));
                                } else {
                                    remarks.add(
                                            "Its dput target has no counterpart: %s is no name of dput.cf"
                                                    .formatted(SafeText.quoted(target)));
                                }
                            });
        }

        /// Ambient has one list for all projects.
        private void secrets() {
            var files = new ArrayList<String>();
            var seen = new HashSet<String>();
            for (var secret : config.secrets().orElse(List.of())) {
                if (!seen.add(secret.name())) {
                    remarks.add("Two secrets are called " + SafeText.quoted(secret.name()));
                } else if (secret.name().equals(SSH_KEY)) {
                    key(secret);
                } else if (SecretName.isFile(secret.name())) {
                    files.add(
                            "  # airlock secret set %s %s --file %s"
                                    .formatted(name, secret.name(), source(secret)));
                    files.add(
                            "  - {name: %s, phases: [post_plan]}"
                                    .formatted(FlowText.quoted(secret.name())));
                } else {
                    remarks.add(
                            "No secret can be called %s here: %s"
                                    .formatted(SafeText.quoted(secret.name()), source(secret)));
                }
            }
            if (!files.isEmpty()) {
                secrets.add("files:");
                secrets.addAll(files);
            }
        }

        private void key(AmbientConfig.SecretFile secret) {
            secrets.add(
                    "# In place of the key in %s: `airlock secret new %s` makes one and prints"
                            .formatted(source(secret), name));
            secrets.add(
                    "# its public half for the server. docs/secrets.md has ways that need no key in a"
                            + " VM.");
            secrets.add("drive: [post_plan]");
        }

        private static String source(AmbientConfig.SecretFile secret) {
            return SafeText.line(ProjectNames.shellWord(secret.source()), 200);
        }
    }
}
