package io.foregate.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.foregate.tests.architecture.Production.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. Dependencies go one way, so that every part can be read knowing only what is below it. */
final class PackageOrderTest {
    /** Lowest first: a module knows itself and those before it. */
    private static final List<String> MODULES = List.of("api", "proxy", "control", "app");

    /** The data plane's packages, lowest first; a new one takes its place here before it compiles into anything. */
    private static final List<String> PROXY_PACKAGES = List.of(
            "loop",
            "observe",
            "tls",
            "codec",
            "balance",
            "upstream",
            "cache",
            "files",
            "route",
            "filters",
            "sample",
            "worker",
            "exchange",
            "l4",
            "server");

    static List<String> modules() {
        return MODULES;
    }

    static List<String> proxyPackages() {
        return PROXY_PACKAGES;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleKnowsOnlyThoseBelowIt(String module) {
        assertThat(CLASSES.stream().filter(c -> in("io.foregate." + module, c))).isNotEmpty();
        var above = MODULES.subList(MODULES.indexOf(module) + 1, MODULES.size());
        assertNoDependency("io.foregate." + module, above.stream().map(m -> "io.foregate." + m));
    }

    @ParameterizedTest
    @MethodSource("proxyPackages")
    void proxyPackageKnowsOnlyThoseBelowIt(String name) {
        var above = PROXY_PACKAGES.subList(PROXY_PACKAGES.indexOf(name) + 1, PROXY_PACKAGES.size());
        assertNoDependency("io.foregate.proxy." + name, above.stream().map(p -> "io.foregate.proxy." + p));
    }

    @Test
    void everyProxyPackageHasItsPlaceInTheOrder() {
        var unplaced = new TreeSet<String>();
        for (var type : CLASSES) {
            if (in("io.foregate.proxy", type)) {
                var below = type.getPackageName().substring("io.foregate.proxy".length());
                var name = below.isEmpty() ? "" : below.substring(1).split("\\.", 2)[0];
                if (!PROXY_PACKAGES.contains(name)) {
                    unplaced.add(type.getPackageName());
                }
            }
        }
        assertThat(unplaced)
                .as("packages of the data plane without a place in PROXY_PACKAGES")
                .isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.foregate.(**)")
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle are one package that can only be read as a whole")
                .check(CLASSES);
    }

    @Test
    void apiKnowsNothingButJavaAndBuffers() {
        classes()
                .that()
                .resideInAPackage("io.foregate.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.foregate.api..", "java..", "io.netty.buffer..", "io.netty.util..", "org.jspecify..")
                .because("every library in the API becomes a promise to those who write extensions")
                .check(CLASSES);
    }

    @Test
    void proxyReadsNoConfigurationFormat() {
        noClasses()
                .that()
                .resideInAnyPackage("io.foregate.api..", "io.foregate.proxy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.snakeyaml..", "tools.jackson..", "com.fasterxml..", "picocli..", "ch.qos.logback..")
                .because("the data plane gets built objects; files, formats and commands belong to control and app")
                .check(CLASSES);
    }

    @Test
    void sharedAndColdPartsHoldNoBuffer() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(
                        "io.foregate.api..",
                        "io.foregate.proxy.loop..",
                        "io.foregate.proxy.observe..",
                        "io.foregate.proxy.route..",
                        "io.foregate.proxy.worker..",
                        "io.foregate.control..",
                        "io.foregate.app..")
                .should()
                .haveRawType(assignableTo(ByteBuf.class))
                .because("a buffer has one owner that releases it, and these parts see no message end")
                .check(CLASSES);
    }

    private static void assertNoDependency(String from, Stream<String> to) {
        var packages = to.map(name -> name + "..").toArray(String[]::new);
        if (packages.length == 0) {
            return;
        }
        noClasses()
                .that()
                .resideInAPackage(from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .because("dependencies go one way, and these lie above " + from)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static boolean in(String name, JavaClass type) {
        return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
    }
}
