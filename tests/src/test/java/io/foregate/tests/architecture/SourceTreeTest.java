package io.foregate.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every file, whoever wrote it. */
final class SourceTreeTest {
    private static final int MAX_LINES = 500;
    private static final int MAX_PARAMETERS = 5;

    // Put together, so that this file doesn't contain what it looks for.
    private static final Pattern NOTE_TO_SELF = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern TEST = Pattern.compile("(?m)^\\s*@(Test|ParameterizedTest|FuzzTest|RepeatedTest)\\b");
    private static final Pattern SWITCHED_OFF = Pattern.compile("org\\.junit\\.jupiter\\.api\\.Dis" + "abled;");

    @Test
    void noJavaFileIsTooLong() {
        assertThat(javaFilesWhere(text -> text.lines().limit(MAX_LINES + 1).count() > MAX_LINES))
                .as("files over %d lines: split along an idea (most have 200 to 300)", MAX_LINES)
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(names(SourceTree.textFiles().stream()
                        .filter(file ->
                                NOTE_TO_SELF.matcher(SourceTree.read(file)).find())
                        .toList()))
                .as("files with a note to self: do it, or open an issue")
                .isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = new TreeSet<String>();
        for (var file : SourceTree.javaFiles()) {
            var info = file.resolveSibling("package-info.java");
            if (!(Files.exists(info) && SourceTree.read(info).contains("@NullMarked")) && !isMarkedInMain(file)) {
                unmarked.add(SourceTree.root().relativize(info).toString());
            }
        }
        assertThat(unmarked)
                .as("packages where null is anyone's guess: add a package-info.java with @NullMarked")
                .isEmpty();
    }

    @Test
    void everyTestClassHasANameThatSurefireRuns() {
        assertThat(names(SourceTree.javaFiles().stream()
                        .filter(file -> TEST.matcher(SourceTree.read(file)).find())
                        .filter(file -> !SourceTree.name(file).endsWith("Test.java"))
                        .toList()))
                .as("classes with tests that Surefire silently leaves out: their names must end in Test")
                .isEmpty();
    }

    @Test
    void noTestIsSwitchedOff() {
        assertThat(javaFilesWhere(text -> SWITCHED_OFF.matcher(text).find()))
                .as("switched-off tests: mend them or delete them")
                .isEmpty();
    }

    @Test
    void noMethodTakesTooManyParameters() {
        var found = new TreeSet<String>();
        for (var type : Production.CLASSES) {
            for (var unit : type.getCodeUnits()) {
                var isWritten = !unit.getModifiers().contains(JavaModifier.SYNTHETIC);
                // A record's constructor lists its components; an enum's and an inner class's hide some.
                var isCounted = !unit.isConstructor() || !(type.isRecord() || type.isEnum() || type.isInnerClass());
                if (isWritten && isCounted && unit.getRawParameterTypes().size() > MAX_PARAMETERS) {
                    found.add(unit.getFullName());
                }
            }
        }
        assertThat(found)
                .as("methods with more than %d parameters: some of them are a value without a name", MAX_PARAMETERS)
                .isEmpty();
    }

    /** A package's tests share its annotation: src/main has the package-info, src/test may leave it out. */
    private static boolean isMarkedInMain(Path file) {
        var path = file.toString();
        var main = Path.of(path.replace(
                Path.of("src", "test").toString(), Path.of("src", "main").toString()));
        var info = main.resolveSibling("package-info.java");
        return Files.exists(info) && SourceTree.read(info).contains("@NullMarked");
    }

    private static List<String> javaFilesWhere(Predicate<String> matches) {
        return names(SourceTree.javaFiles().stream()
                .filter(file -> matches.test(SourceTree.read(file)))
                .toList());
    }

    private static List<String> names(List<Path> files) {
        return files.stream()
                .map(file -> SourceTree.root().relativize(file).toString())
                .sorted()
                .toList();
    }
}
