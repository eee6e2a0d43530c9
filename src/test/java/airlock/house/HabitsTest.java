package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Rules about code, with the exceptions and their reasons.
class HabitsTest {
    @Test
    void onlyTheseStartProcesses() {
        // a session of its own for each program, bounded output, words about its end
        assertThat(usersOf(ProcessBuilder.class.getName(), "<init>")).containsExactly("program");
        assertThat(usersOf("airlock.program.Program", "start"))
                // vm: QEMU and the box around it; sandbox: child JVMs for foreign bytes (H1) and
                // tokens; image: tools that make disks; secrets: the operator's command that signs
                // certificates; cli: shellcheck, on a person's own machine
                .isSubsetOf("program", "vm", "sandbox", "image", "secrets", "cli");
        assertThat(usersOf(Runtime.class.getName(), "exec")).isEmpty();
    }

    @Test
    void onlyTheGroundHashesCleansForeignTextAndSetsUpJson() {
        assertThat(usersOf(MessageDigest.class.getName(), "getInstance")).containsExactly("base");
        // H5 is one rule: `SafeText`
        assertThat(usersOf(Character.class.getName(), "getType")).containsExactly("text");
        for (String member : List.of("builder", "shared", "<init>")) {
            // control: its codec goes with its protocol
            assertThat(usersOf(JsonMapper.class.getName(), member)).isSubsetOf("base", "control");
        }
    }

    @Test
    void onlyTheCommandLinePrints() {
        // sandbox: child JVMs write their records there, and nothing else can
        assertThat(usersOf(System.class.getName(), "out")).isSubsetOf("cli", "sandbox");
        assertThat(usersOf(System.class.getName(), "err")).isSubsetOf("cli", "sandbox");
    }

    @Test
    void onlyMainEndsTheProcess() {
        assertThat(usersOf(System.class.getName(), "exit")).isSubsetOf("");
        // child JVMs end with the server and after their answer, whatever their threads are doing
        assertThat(usersOf(Runtime.class.getName(), "halt")).isSubsetOf("sandbox", "source");
        assertThat(usersOf(Runtime.class.getName(), "exit")).isEmpty();
    }

    @Test
    void theClockIsHandedIn() {
        for (var type :
                List.of(
                        "Instant",
                        "LocalDate",
                        "LocalDateTime",
                        "OffsetDateTime",
                        "ZonedDateTime")) {
            assertThat(noArgument("java.time." + type, "now")).isEmpty();
        }
        assertThat(usersOf(System.class.getName(), "currentTimeMillis")).isEmpty();
        assertThat(noArgument("java.util.Date", "<init>")).isEmpty();
        for (var clock : List.of("systemUTC", "systemDefaultZone", "system")) {
            assertThat(usersOf("java.time.Clock", clock)).isSubsetOf("app", "cli");
        }
        assertThat(usersOf("java.time.InstantSource", "system")).isSubsetOf("app", "cli");
    }

    @Test
    void nobodySleepsInALoop() {
        // base: the pause of a background loop; operator: a reader of a log file looks again, since
        // a file does not ring
        assertThat(usersOf(Thread.class.getName(), "sleep")).isSubsetOf("base", "operator");
    }

    @Test
    void filesAreNioPaths() {
        assertThat(typesThatDependOn("java.io.File")).isEmpty();
        assertThat(typesThatDependOn("java.io.FileInputStream")).isEmpty();
        assertThat(typesThatDependOn("java.io.FileOutputStream")).isEmpty();
        assertThat(typesThatDependOn("java.io.RandomAccessFile")).isEmpty();
    }

    @Test
    void loggingGoesThroughSlf4j() {
        assertThat(
                        House.mainClasses().stream()
                                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                                .filter(
                                        use ->
                                                use.getTargetClass()
                                                        .getPackageName()
                                                        .equals("java.util.logging"))
                                .map(use -> use.getDescription()))
                .isEmpty();
        assertThat(usersOf("java.lang.Throwable", "printStackTrace")).isEmpty();
    }

    @Test
    void nothingStaticChanges() {
        var changing =
                House.mainClasses().stream()
                        .filter(type -> !isGenerated(type))
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                        .filter(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .map(field -> field.getFullName());
        assertThat(changing).isEmpty();
    }

    @Test
    void aPackageHasAtMostOneFaultAndItIsUnchecked() throws ClassNotFoundException {
        Map<String, Set<String>> faults = new TreeMap<>();
        for (JavaClass type : House.mainClasses()) {
            // what a package throws to itself is its own affair
            boolean leaves = Modifier.isPublic(load(type).getModifiers());
            if (type.isAssignableTo(Throwable.class) && leaves) {
                assertThat(type.isAssignableTo(RuntimeException.class)).as(type.getName()).isTrue();
                assertThat(type.getSimpleName()).endsWith("Exception");
                faults.computeIfAbsent(House.packageOf(type), _ -> new TreeSet<>())
                        .add(type.getSimpleName());
            }
        }
        assertThat(faults).allSatisfy((name, types) -> assertThat(types).as(name).hasSize(1));
    }

    @Test
    void noBareRuntimeExceptionIsThrown() {
        // a type's own super(…) call shows as an access from that type's constructor
        Predicate<JavaAccess<?>> fromOutside =
                access -> !access.getOriginOwner().isAssignableTo(Throwable.class);
        for (var bare :
                List.of("java.lang.RuntimeException", "java.lang.Exception", "java.lang.Error")) {
            assertThat(users(bare, "<init>", fromOutside)).isEmpty();
        }
    }

    @Test
    void sealedOutcomesHoldNoNulls() throws ClassNotFoundException {
        // NullAway does not see a null that a record pattern takes out of an outcome
        var holes = new TreeSet<String>();
        for (JavaClass type : House.mainClasses()) {
            Class<?> loaded = load(type);
            if (loaded.isRecord()
                    && Arrays.stream(loaded.getInterfaces()).anyMatch(Class::isSealed)) {
                for (RecordComponent part : loaded.getRecordComponents()) {
                    if (part.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                        holes.add(type.getName() + "." + part.getName());
                    }
                }
            }
        }
        assertThat(holes).isEmpty();
    }

    /// Our packages with an access to `owner.member`; the root package is the empty name.
    private static Set<String> usersOf(String owner, String member) {
        return users(owner, member, _ -> true);
    }

    private static Set<String> noArgument(String owner, String member) {
        return users(
                owner,
                member,
                access ->
                        access.getTarget()
                                        instanceof
                                        com.tngtech.archunit.core.domain.AccessTarget
                                                        .CodeUnitAccessTarget
                                                call
                                && call.getRawParameterTypes().isEmpty());
    }

    private static Set<String> users(
            String owner, String member, Predicate<JavaAccess<?>> condition) {
        var users = new TreeSet<String>();
        for (JavaClass type : House.mainClasses()) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                if (access.getTargetOwner().getName().equals(owner)
                        && access.getTarget().getName().equals(member)
                        && condition.test(access)) {
                    users.add(House.packageOf(type));
                }
            }
        }
        return users;
    }

    private static Set<String> typesThatDependOn(String name) {
        var types = new TreeSet<String>();
        for (JavaClass type : House.mainClasses()) {
            type.getDirectDependenciesFromSelf().stream()
                    .filter(
                            use ->
                                    use.getTargetClass()
                                            .getBaseComponentType()
                                            .getName()
                                            .equals(name))
                    .forEach(use -> types.add(use.getDescription()));
        }
        return types;
    }

    private static Class<?> load(JavaClass type) throws ClassNotFoundException {
        return Class.forName(type.getName(), false, House.class.getClassLoader());
    }

    private static boolean isGenerated(JavaClass type) {
        return type.getPackageName().equals("airlock.web.page");
    }
}
