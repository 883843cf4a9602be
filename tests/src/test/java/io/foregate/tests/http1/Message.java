package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;

/** A head as it stood on the wire, empty line included. */
record Message(String raw) {
    String startLine() {
        return raw.substring(0, raw.indexOf("\r\n"));
    }

    int status() {
        assertThat(startLine()).matches("HTTP/1\\.1 [1-5][0-9][0-9] .*");
        return Integer.parseInt(startLine().substring(9, 12));
    }

    /** Every value of that name, in order. */
    List<String> values(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return raw.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }

    boolean has(String name) {
        return !values(name).isEmpty();
    }

    /** The only value of that name. */
    String value(String name) {
        assertThat(values(name)).as("%s in%n%s", name, raw).hasSize(1);
        return values(name).getFirst();
    }

    Message expect(String name, String... expected) {
        assertThat(values(name)).as("%s in%n%s", name, raw).containsExactly(expected);
        return this;
    }

    Message expectNo(String name) {
        return expect(name);
    }

    Message expectStartLine(String expected) {
        assertThat(startLine()).isEqualTo(expected);
        return this;
    }
}
