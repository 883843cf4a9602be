package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, the answer is a list of problems with positions, never an exception. */
final class HostileFilesTest {
    @Test
    void syntaxErrorsHaveAPositionAndAHint() {
        assertThat(Configs.mistakes("sites:\n\ta: web\n").getFirst())
                .startsWith("test.yaml:2:1: is not YAML")
                .endsWith("indent with spaces: YAML allows no tabs there");
        assertThat(Configs.mistakes("sites:\n  *.example.com: web\n").getFirst())
                .startsWith("test.yaml:2:4: is not YAML")
                .contains("into quotes: \"*.example.com\"");
        assertThat(Configs.mistakes("a: b: c").getFirst()).startsWith("test.yaml:1:5: is not YAML");
        assertThat(Configs.mistakes("sites: {a: web}\n---\nsites: {}").getFirst())
                .startsWith("test.yaml:2:1: ");
    }

    @Test
    void filesWithoutAMappingAreExplained() {
        assertThat(Configs.mistakes("")).singleElement().asString().startsWith("test.yaml:1:1: is empty; the smallest");
        assertThat(Configs.mistakes("# nothing\n")).singleElement().asString().contains("is empty");
        assertThat(Configs.mistakes("- web\n"))
                .containsExactly(
                        "test.yaml:1:1: expected a mapping, found a list; a configuration begins with a key such as sites:");
        assertThat(Configs.mistakes("web")).singleElement().asString().contains("found \"web\"");
        assertThat(Configs.mistakes("pools: { web: ['w:1'] }"))
                .containsExactly("test.yaml:1:1: serves nothing; add sites:, such as sites: {\"*\": web}");
    }

    @Test
    void truthWordsOfYaml11AreTexts() {
        assertThat(Configs.mistakes(
                        "sites: { a: { routes: { /: { to: web, when: { header: { X: { present: yes } } } } } } }"
                                + Configs.POOLS))
                .singleElement()
                .asString()
                .endsWith("present: expected true or false, found \"yes\"; write true");
        assertThat(Configs.explained(Configs.ok("sites: { a: { via: off, routes: web } }" + Configs.POOLS), "a", "/*"))
                .contains("via = off [test.yaml:1:15 sites.a.via]");
    }

    @Test
    void mergeKeysTagsAndOddKeysAreRefused() {
        assertThat(Configs.mistakes("x: &x { to: web }\nsites: { a: { routes: { /: { <<: *x } } } }" + Configs.POOLS))
                .anyMatch(line -> line.contains("routes./.<<: unknown key; YAML 1.2 has no merge keys"));
        assertThat(Configs.mistakes("sites: { a: !pool web }" + Configs.POOLS))
                .containsExactly("test.yaml:1:13 sites.a: the tag !pool has no meaning here; remove it");
        assertThat(Configs.mistakes("sites: { a: web, ? [b] : web }" + Configs.POOLS))
                .containsExactly("test.yaml:1:20 sites: a key must be a text, found a list");
    }

    @Test
    void aliasesCannotStandForMoreThanTheirBound() {
        StringBuilder bomb = new StringBuilder("sites: { a: { routes: { ");
        bomb.append("/0: &r { to: web, request-headers: { add: { X-0: &v [")
                .append("a,".repeat(1000))
                .append("a]");
        for (int i = 1; i < 1000; i++) {
            bomb.append(", X-").append(i).append(": *v");
        }
        bomb.append(" } } }");
        for (int i = 1; i < 1000; i++) {
            bomb.append(", /").append(i).append(": *r");
        }
        assertThat(Configs.mistakes(bomb.append(" } } }").append(Configs.POOLS).toString()))
                .singleElement()
                .asString()
                .contains("the aliases of this file stand for more than 200000 values");
    }

    @Test
    void aliasesStandForWhatTheyNameWhichMayBeThemselves() {
        assertThat(Configs.mistakes("sites: { a: &s { routes: { /: webb } }, b: *s }" + Configs.POOLS))
                .containsExactly(
                        "test.yaml:1:31 sites.a.routes./: there is no pool \"webb\"; did you mean web?",
                        "test.yaml:1:31 sites.b.routes./: there is no pool \"webb\"; did you mean web?");
        assertThat(Configs.mistakes("sites: &a { b: *a }"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:1:13 sites.b.b: unknown key; known keys are listeners, ");
        assertThat(Configs.mistakes("sites: { a: *s }" + Configs.POOLS))
                .singleElement()
                .asString()
                .startsWith("test.yaml:1:13: is not YAML: , found undefined alias s; ");
    }

    @Test
    void deepNestingIsAProblemAndNoStackOverflow() {
        assertThat(Configs.mistakes("a: " + "[".repeat(200_000)))
                .containsExactly("test.yaml:1:1: is nested too deeply");
        assertThat(Configs.mistakes("a: " + "{a: ".repeat(200_000)))
                .containsExactly("test.yaml:1:1: is nested too deeply");
    }

    @Test
    void bytesThatAreNotTextAreFoundWhereTheyAre(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("foregate.yaml");
        Files.write(file, "sites:\n  ä: \"?\"\n".replace('?', '\u00ff').getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problems(file)).containsExactly(file + ":2:3: is not UTF-8 here; save the file as UTF-8");
        Files.write(file, new byte[] {'a', ':', ' ', 1});
        assertThat(problems(file))
                .containsExactly(file + ":1:4: the character \"\\u0001\" is not allowed in YAML; remove it");
        Files.write(file, new byte[(16 << 20) + 1]);
        assertThat(problems(file)).containsExactly(file + ":1:1: is larger than 16MiB");
    }

    @Test
    void filesThatCannotBeReadAreExplained(@TempDir Path folder) {
        assertThat(problems(folder.resolve("none.yaml")))
                .containsExactly(folder.resolve("none.yaml") + ":1:1: there is no such file");
        assertThat(problems(folder)).containsExactly(folder + ":1:1: is a folder, not a file; name the file in it");
    }

    @Test
    void aByteOrderMarkIsIgnored() {
        Configs.ok("\uFEFFsites: { a: web }" + Configs.POOLS);
    }

    @Test
    void messagesStayOnOneLineAndAreBoundedInNumber() {
        StringBuilder many = new StringBuilder("\"a\\nb\": 1\n");
        for (int i = 0; i < 2000; i++) {
            many.append("key").append(i).append(": 1\n");
        }
        List<String> mistakes = Configs.mistakes(many.toString());
        assertThat(mistakes).hasSize(501).noneMatch(line -> line.contains("\n"));
        assertThat(mistakes.getLast()).contains("there are more mistakes than these 500; correct these first");
    }

    /** A cheap fuzzer: the fixed seed makes a failure repeatable. */
    @Test
    void mutatedFilesNeverThrow() {
        Random random = new Random(42);
        String[] seeds = {
            Repository.text(Repository.resource("mistakes.yaml")),
            Repository.text(Repository.resource("everything.yaml"))
        };
        String alphabet = "{}[]:,-#&*!|>'\"%@`~ \n\t\0\u00e4\u2028?/.0a$()\\";
        for (int round = 0; round < 800; round++) {
            StringBuilder text = new StringBuilder(seeds[round % seeds.length]);
            int start = random.nextInt(text.length());
            int end = Math.min(text.length(), start + random.nextInt(800));
            String part = text.substring(start, end);
            StringBuilder mutated = new StringBuilder(part);
            for (int i = random.nextInt(4); i >= 0 && !mutated.isEmpty(); i--) {
                int at = random.nextInt(mutated.length());
                mutated.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
            }
            text.replace(start, end, mutated.toString());
            ConfigLoader.load("fuzz.yaml", text.toString());
        }
    }

    private static List<String> problems(Path file) {
        return Configs.problems(ConfigLoader.load(file)).stream()
                .map(Object::toString)
                .toList();
    }
}
