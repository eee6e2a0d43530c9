package airlock.plan;

import airlock.config.AllowedHost;
import airlock.event.GitDepth;
import airlock.event.Phase;
import airlock.yaml.Binder;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of a plan file. Ambient's has only the phases and the sizes.
@Setting.Group(title = "A plan file")
public record PlanSettings(
        @Setting(type = "pre_plan action", or = "[]", range = "0 to 500", orNothing = true)
                List<Action> prePlan,
        @Setting(type = "plan action", or = "[]", range = "0 to 500", orNothing = true)
                List<Action> plan,
        @Setting(type = "post_plan action", or = "[]", range = "0 to 500", orNothing = true)
                List<Action> postPlan,
        @Setting(type = "size of a drive") Optional<Long> artifactMaxSize,
        @Setting(type = "size of a drive") Optional<Long> cacheMaxSize,
        @Setting(type = "size of a drive") Optional<Long> dependenciesMaxSize,
        @Setting(or = "{}") Limits limits,
        @Setting(or = "{}") Network network,
        @Setting(type = "text", or = "{}", pattern = Texts.VARIABLE, expected = Texts.VARIABLE_IS)
                Map<String, String> env,
        @Setting(range = "1s to 7d") Optional<Duration> timeout,
        @Setting(range = "1 to 64") Optional<Integer> cpus,
        @Setting(range = "256 MiB to 4 TiB") Optional<Long> memory,
        @Setting(type = "image") Optional<String> image,
        @Setting Optional<GitDepth> git,
        @Setting(or = "{}") PlanWhen when,
        @Setting Optional<Matrix> matrix,
        @Setting(or = "false") boolean reuse,
        @Setting(or = "{}") CacheRule cache,
        @Setting(or = "{}") ArtifactRule artifacts)
        implements Setting.Checked {
    /// Limits the variables of a phase in bytes, names included: each program gets all of them.
    static final int LARGEST_ENVIRONMENT = 64 * 1024;

    private static final long LARGEST_DRIVE = 1L << 50;
    private static final int LONGEST_NAME = 63;

    public static final List<String> AMBIENT =
            List.of(
                    "pre_plan",
                    "plan",
                    "post_plan",
                    "artifact_max_size",
                    "cache_max_size",
                    "dependencies_max_size");

    public PlanSettings {
        prePlan = List.copyOf(prePlan);
        plan = List.copyOf(plan);
        postPlan = List.copyOf(postPlan);
        env = Map.copyOf(env);
    }

    /// Limits below the operator's; higher ones have no effect. The keys are those of the
    /// configuration ([airlock.config.Limits]).
    @Setting.Group(title = "limits", about = "Less than the operator grants.")
    public record Limits(
            @Setting(range = "1s to 7d") Optional<Duration> prePlanTime,
            @Setting(range = "1s to 7d") Optional<Duration> planTime,
            @Setting(range = "1s to 7d") Optional<Duration> postPlanTime,
            @Setting(range = "1s to 7d") Optional<Duration> cpuTime,
            @Setting(range = "32 MiB to 4 TiB") Optional<Long> memory,
            @Setting(range = "1 MiB to 16 TiB") Optional<Long> scratch,
            @Setting(range = "1 to 4194304") Optional<Integer> processes,
            @Setting(range = "1 KiB to 16 GiB") Optional<Long> log,
            @Setting(range = "4 KiB to 1 GiB") Optional<Long> console) {
        public Optional<Duration> time(Phase phase) {
            return switch (phase) {
                case PRE_PLAN -> prePlanTime;
                case PLAN -> planTime;
                case POST_PLAN -> postPlanTime;
            };
        }
    }

    /// The places that phases want to connect to, as far as the operator allows them.
    @Setting.Group(title = "network", about = "Less than the operator lets.")
    public record Network(
            @Setting(type = "place", range = "0 to 500") Optional<List<AllowedHost>> prePlan,
            @Setting(type = "place", range = "0 to 500") Optional<List<AllowedHost>> postPlan) {
        /// The places of `phase`; empty for all that the operator allows.
        public Optional<List<AllowedHost>> of(Phase phase) {
            return switch (phase) {
                case PRE_PLAN -> prePlan;
                case POST_PLAN -> postPlan;
                case PLAN -> Optional.empty();
            };
        }
    }

    public record Matrix(List<MatrixCell> cells) {
        public Matrix {
            cells = List.copyOf(cells);
        }
    }

    /// The type of a file under the operator's rules.
    static Section<PlanSettings> section(PlanFile file, PlanPolicy word) {
        Binder types =
                Texts.BINDER
                        .with(
                                "place",
                                Scalars.TEXT.as("HOST:PORT or *.DOMAIN", PlanSettings::place))
                        .with("image", Scalars.TEXT.as("the name of an image", PlanSettings::name))
                        .with(Matrix.class, new MatrixType().map(Matrix::new));
        for (Phase phase : Phase.values()) {
            var action = new ActionType(file, phase, one -> word.hinders(one, phase));
            types = types.with(phase.key() + " action", action);
        }
        return switch (file) {
            case AIRLOCK ->
                    types.with("size of a drive", Scalars.size(0, LARGEST_DRIVE))
                            .section(PlanSettings.class)
                            .checked((made, values) -> made.check(word, values));
            case AMBIENT ->
                    types.with("size of a drive", Scalars.integer(0, LARGEST_DRIVE))
                            .section(PlanSettings.class)
                            .only(AMBIENT)
                            .checked((made, values) -> made.check(word, values));
        };
    }

    public static PlanSettings none() {
        return section(PlanFile.AIRLOCK, PlanPolicy.UNKNOWN).ofNothing();
    }

    private static AllowedHost place(String text) {
        var entry = AllowedHost.of(text);
        if (entry.address().isPresent()) {
            throw new IllegalArgumentException("has an address, which only the operator can say");
        }
        return entry;
    }

    private static String name(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("%,d characters".formatted(text.length()));
        }
        return text;
    }

    @Override
    public void check(Values values) {
        int own =
                cells().stream()
                        .mapToInt(cell -> Texts.environmentBytes(env(cell)))
                        .max()
                        .orElse(Texts.environmentBytes(env));
        if (own > LARGEST_ENVIRONMENT) {
            values.place(values.isWritten("env") ? "env" : "matrix")
                    .error(
                            "%,d bytes".formatted(own),
                            "at most %,d".formatted(LARGEST_ENVIRONMENT));
            return;
        }
        for (Phase phase : Phase.values()) {
            int size =
                    own
                            + actionsOf(phase).stream()
                                    .mapToInt(one -> Texts.environmentBytes(one.environment()))
                                    .sum();
            if (size > LARGEST_ENVIRONMENT) {
                values.place(phase.key())
                        .error(
                                "sets variables of %,d bytes".formatted(size),
                                "at most %,d".formatted(LARGEST_ENVIRONMENT));
            }
        }
    }

    private void check(PlanPolicy word, Values values) {
        Pairs.warn(this, values);
        image.ifPresent(name -> check(name, word, values.place("image")));
        cells().stream()
                .flatMap(cell -> cell.image().stream())
                .distinct()
                .forEach(name -> check(name, word, values.place("matrix")));
        // an action alone does not know whether `env` has an effect on it
        for (Phase phase : Phase.values()) {
            if (runsCommit(phase)) {
                word.forbidden(phase)
                        .ifPresent(why -> values.place(phase.key()).error("with `env` it " + why));
            }
        }
    }

    private static void check(String image, PlanPolicy word, Place place) {
        if (image.isEmpty() || image.length() > LONGEST_NAME) {
            place.error("%,d characters".formatted(image.length()), "the name of an image");
        } else {
            word.refuseImage(image, place);
        }
    }

    List<MatrixCell> cells() {
        return matrix.map(Matrix::cells).orElse(List.of());
    }

    List<Action> actionsOf(Phase phase) {
        return switch (phase) {
            case PRE_PLAN -> prePlan;
            case PLAN -> plan;
            case POST_PLAN -> postPlan;
        };
    }

    /// Whether `phase` may run code of the commit.
    boolean runsCommit(Phase phase) {
        return actionsOf(phase).stream().anyMatch(this::runsCommit);
    }

    /// Variables of `env` can name a file of the commit, as those of `setenv` can; those of a
    /// matrix mean nothing to programs of the image.
    boolean runsCommit(Action action) {
        return action.runsCommit()
                || (!action.ignoresEnvironment()
                        && !env.keySet().stream().allMatch(MatrixCell::isVariable));
    }

    /// The settings of one cell.
    PlanSettings of(MatrixCell cell) {
        return Binder.changed(
                this, Map.of("env", env(cell), "image", cell.image().or(() -> image)));
    }

    private Map<String, String> env(MatrixCell cell) {
        var variables = new HashMap<>(env);
        variables.putAll(cell.variables());
        return variables;
    }
}
