package io.foregate.control.config.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.foregate.control.config.bind.BadValue;
import org.junit.jupiter.api.Test;

/** Values are read as they are written, and printed as one would write them. */
final class ValuesTest {
    private interface Parser {
        Object parse(String text) throws BadValue;
    }

    @Test
    void valuesPrintAsTheyAreWritten() throws BadValue {
        for (String text : new String[] {"1ms", "1500ms", "30s", "5m", "2h", "365d", "none"}) {
            assertThat(Timeout.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"0B", "1B", "1023B", "32KiB", "10MB", "5GB", "1TiB", "none"}) {
            assertThat(Size.parse(text)).hasToString(text);
        }
        for (String text : new String[] {":8080", "127.0.0.1:0", "[::1]:80", "localhost:1"}) {
            assertThat(ListenAddress.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"*", "*.example.com", "example.com", "xn--mnchen-3ya.de", "[::1]"}) {
            assertThat(HostPattern.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"/", "/*", "/a", "/a/*", "/a/", "~ ^/x[0-9]+$"}) {
            assertThat(PathPattern.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"", "a {{b}} {client.ip}", "https://{host}{uri}", "}}{path}x"}) {
            assertThat(Template.parse(text)).hasToString(text);
        }
        assertThat(Cidr.parse("10.0.0.0/8")).hasToString("10.0.0.0/8");
        assertThat(Cidr.parse("::ffff:1.2.3.4").bits()).isEqualTo(128);
        assertThat(HostPort.parse("App.Internal:80")).hasToString("app.internal:80");
        assertThat(HostHeader.parse("internal:8080")).hasToString("internal:8080");
    }

    @Test
    void differentSpellingsAreOneValue() throws BadValue {
        assertThat(Timeout.parse("60s")).isEqualTo(Timeout.parse("1m"));
        assertThat(Size.parse("1024B")).isEqualTo(Size.parse("1KiB"));
        assertThat(FieldName.parse("X-A")).isEqualTo(FieldName.parse("x-a")).hasSameHashCodeAs(FieldName.parse("x-a"));
        assertThat(HostPattern.parse("MÜNCHEN.de.")).isEqualTo(HostPattern.parse("xn--mnchen-3ya.de"));
        assertThat(PathPattern.parse("/%7ea%2f")).isEqualTo(PathPattern.parse("/~a%2F"));
    }

    @Test
    void noLimitIsGreaterThanEveryLimit() throws BadValue {
        assertThat(Size.NONE.bytes()).isGreaterThan(Size.parse("1024TiB").bytes());
        assertThat(Timeout.NONE.nanos()).isGreaterThan(Timeout.parse("365d").nanos());
        // A clock that has run for a century can still add it.
        assertThat(Timeout.NONE.nanos() + Timeout.NONE.nanos()).isPositive();
        assertThat(Count.NONE.value()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void sizesOfExpressionsAreNotUnderestimated() throws BadValue {
        assertThat(RegexSize.of("((x{1000}){1000}){1000}")).isGreaterThan(1_000_000_000);
        assertThat(RegexSize.of("(" + "[^]a](b|c\\(d){0,10}".repeat(10) + "){500}"))
                .isGreaterThan(20_000);
        assertThat(RegexSize.of("(((a{1000}")).isGreaterThanOrEqualTo(1000);
        assertThat(RegexSize.of("\\Q[\\E(x{1000}){1000}")).isGreaterThan(1_000_000);
        assertThat(RegexSize.of("[[:alpha:][](x{1000}){1000}")).isGreaterThan(1_000_000);
        Regex.parse("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        Regex.parse("^/item/[0-9]{1,9}\\{x}{a}[{]$");
    }

    @Test
    void whatIsNoValueIsRefused() {
        refused(Timeout::parse, "", "0s", "-1s", "1", "1.5s", "1y", "366d", "999999999999d", "1h30m");
        refused(Size::parse, "", "1", "1k", "1kb", "-1B", "1025TiB", "999999999999TB");
        refused(Count::parse, "", "-1", "1.5", "9999999999");
        refused(
                HostPort::parse,
                "",
                ":",
                "a",
                "a:",
                "a:0",
                "a:65536",
                "a b:1",
                "http://a:1",
                "::1",
                "[a]:1",
                "256.1.1.1:1",
                "1.2.3:1",
                "010.0.0.1:1");
        refused(ListenAddress::parse, "", "8080", ":99999", "example.com:1");
        refused(Cidr::parse, "", "10.0.0.0/33", "10.0.0.1/8", "10/8", "::1/129", "1.2.3.4/", "fe80::1%eth0");
        refused(HostPattern::parse, "", "a..b", "a:80", "*.*", "a*", "a/b", "http://a", "-", "*.");
        refused(
                PathPattern::parse,
                "",
                "a",
                "*",
                "/a*",
                "/a/*/b",
                "/a?b",
                "/a b",
                "/ü",
                "/%zz",
                "/a/./b",
                "/%2e%2e/a",
                "~",
                "~ (");
        refused(Template::parse, "{", "{nobody}", "a\r\nb", "ü", " a", "a\0");
        refused(
                Regex::parse,
                "(",
                "a**b(",
                "(?=a)",
                "(a)\\1",
                "a".repeat(2001),
                "(x{1000}){1000}",
                "((x{1000}){1000}){1000}");
        refused(FieldName::parse, "", "a b", "a:", "ü");
        refused(Name::parse, "", "a b", "a.b", "-a", "a:1");
    }

    private static void refused(Parser parser, String... texts) {
        for (String text : texts) {
            assertThatExceptionOfType(BadValue.class).as(text).isThrownBy(() -> parser.parse(text));
        }
    }
}
