package io.foregate.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static io.foregate.tests.architecture.Production.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import org.junit.jupiter.api.Test;

/**
 * What every request passes through: under 100 bytes of garbage and about a microsecond of our own time. Each ban says
 * what it would cost. What allocates on purpose, once per configuration, belongs to control or into a Builder.
 */
final class HotPathTest {
    private static final String[] HOT = {
        "io.foregate.proxy.loop..",
        "io.foregate.proxy.codec..",
        "io.foregate.proxy.balance..",
        "io.foregate.proxy.upstream..",
        "io.foregate.proxy.filters..",
        "io.foregate.proxy.route..",
        "io.foregate.proxy.sample..",
        "io.foregate.proxy.worker..",
        "io.foregate.proxy.exchange.."
    };

    @Test
    void noStreams() {
        noHotClasses()
                .dependOnClassesThat()
                .resideInAPackage("java.util.stream..")
                .because("a stream allocates a pipeline for every use, and hides the loop from the reader")
                .check(CLASSES);
    }

    @Test
    void noOptional() {
        noHotClasses()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.Optional.*")
                .because("it allocates to say what @Nullable says for nothing, and NullAway checks that")
                .check(CLASSES);
    }

    @Test
    void noFormat() {
        noHotClasses()
                .callMethodWhere(DescribedPredicate.describe(
                        "String.format or String.formatted",
                        call -> call.getTargetOwner().isEquivalentTo(String.class)
                                && call.getName().startsWith("format")))
                .because("it parses its pattern on every call and boxes every argument; append instead")
                .check(CLASSES);
    }

    @Test
    void noWallClock() {
        // The loop package is exempt: its clock is where the others get the time.
        noClasses()
                .that()
                .resideInAnyPackage(HOT)
                .and()
                .resideOutsideOfPackage("io.foregate.proxy.loop..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Instant")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .because("each loop has a clock, read once per turn; two readings in one exchange disagree")
                .check(CLASSES);
    }

    @Test
    void noBacktrackingRegex() {
        noHotClasses()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .because("its time is exponential in what a client sends; RE2/J is linear")
                .check(CLASSES);
    }

    @Test
    void noLocks() {
        noHotClasses()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent.locks..")
                .orShould()
                .callMethod(Object.class, "wait")
                .orShould()
                .callMethod(Object.class, "wait", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .because("a loop that waits holds up every connection it serves; share atomics, or send a task")
                .check(CLASSES);
    }

    @Test
    void noSynchronizedMethods() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(HOT)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because("a loop that waits holds up every connection it serves; share atomics, or send a task")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noConsole() {
        noClasses()
                .that()
                .resideInAnyPackage("io.foregate.api..", "io.foregate.proxy..", "io.foregate.control..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .because("what a process prints is decided in app, and a terminal that blocks would block a loop")
                .check(CLASSES);
    }

    /** Builders are exempt: by their name's promise they run on the cold side, once per configuration. */
    private static ClassesShould noHotClasses() {
        return noClasses()
                .that()
                .resideInAnyPackage(HOT)
                .and()
                .haveSimpleNameNotEndingWith("Builder")
                .should();
    }
}
