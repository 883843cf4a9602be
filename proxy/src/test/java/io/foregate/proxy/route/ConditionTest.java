package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConditionTest {
    private static final ClientAddress CLIENT = Requests.client("192.0.2.7");

    private static boolean met(Condition condition, RequestHead head) {
        return condition.test(head, CLIENT);
    }

    @Test
    void methodsAreCaseSensitiveTokens() {
        Condition condition = Condition.method("PURGE", "GET");
        assertThat(met(condition, Requests.head("GET", "h", "/"))).isTrue();
        assertThat(met(condition, Requests.head("PURGE", "h", "/"))).isTrue();
        assertThat(met(condition, Requests.head("Purge", "h", "/"))).isFalse();
        assertThat(met(condition, Requests.head("POST", "h", "/"))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Condition.method("get"))
                .withMessageContaining("write GET");
        assertThatIllegalArgumentException().isThrownBy(() -> Condition.method("A B"));
        assertThatIllegalArgumentException().isThrownBy(Condition::method);
    }

    @Test
    void theFirstFieldOfANameCounts() {
        RequestHead head = Requests.get("h", "/", "X-A: one", "x-a: two", "X-Empty: ");
        assertThat(met(Condition.header("x-a", ValueTest.is("one")), head)).isTrue();
        assertThat(met(Condition.header("X-A", ValueTest.is("two")), head)).isFalse();
        assertThat(met(Condition.header("X-A", ValueTest.is("ONE")), head)).isFalse();
        assertThat(met(Condition.header("X-A", ValueTest.matches("^o.e$")), head))
                .isTrue();
        assertThat(met(Condition.header("X-A", ValueTest.matches("two")), head)).isFalse();
        assertThat(met(Condition.header("X-A", ValueTest.present()), head)).isTrue();
        assertThat(met(Condition.header("X-A", ValueTest.absent()), head)).isFalse();
        assertThat(met(Condition.header("X-Empty", ValueTest.is("")), head)).isTrue();
        assertThat(met(Condition.header("X-B", ValueTest.present()), head)).isFalse();
        assertThat(met(Condition.header("X-B", ValueTest.absent()), head)).isTrue();
        assertThat(met(Condition.header("X-B", ValueTest.matches("")), head)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/?a=1 a 1 true",
                "/?a=1&b=2 b 2 true",
                "/?a=1&a=2 a 2 false",
                "/?b=a%3D1 a 1 false",
                "/?%61=%31 a 1 true",
                "/?a=1%26b a 1&b true",
                "/?a=x+y a x_y true",
                "/?a=x%20y a x_y true",
                "/?a=x%2By a x+y true",
                "/?a=%zz a %zz true",
                "/?a=100% a 100% true",
                "/?a=caf%C3%A9 a café true",
                "/?a==1 a =1 true",
                "/?aa=1 a 1 false",
                "/?&&a=1& a 1 true",
                "/?a=12 a 1 false",
                "/?a=1 a 12 false",
                "/ a 1 false",
                "/? a 1 false",
                "/?A=1 a 1 false"
            })
    void queryParametersAreComparedDecoded(String target, String name, String value, boolean expected) {
        Condition condition = Condition.query(name, ValueTest.is(value.replace('_', ' ')));
        assertThat(met(condition, Requests.get("h", target))).isEqualTo(expected);
    }

    @Test
    void aParameterWithoutValueIsPresentAndEmpty() {
        RequestHead head = Requests.get("h", "/?flag&x=1");
        assertThat(met(Condition.query("flag", ValueTest.present()), head)).isTrue();
        assertThat(met(Condition.query("flag", ValueTest.is("")), head)).isTrue();
        assertThat(met(Condition.query("fla", ValueTest.present()), head)).isFalse();
        assertThat(met(Condition.query("fla", ValueTest.absent()), head)).isTrue();
        assertThat(met(Condition.query("x", ValueTest.matches("^[0-9]$")), head))
                .isTrue();
    }

    @Test
    void cookiesAreFoundAmongOthersAndInSeveralFields() {
        RequestHead head = Requests.get("h", "/", "Cookie: a=1; session=s=1 ;b=\"q\"", "Cookie: c=3;a=9");
        assertThat(met(Condition.cookie("a", ValueTest.is("1")), head)).isTrue();
        assertThat(met(Condition.cookie("a", ValueTest.is("9")), head)).isFalse();
        assertThat(met(Condition.cookie("session", ValueTest.is("s=1")), head)).isTrue();
        assertThat(met(Condition.cookie("b", ValueTest.is("\"q\"")), head)).isTrue();
        assertThat(met(Condition.cookie("c", ValueTest.matches("3")), head)).isTrue();
        assertThat(met(Condition.cookie("ession", ValueTest.present()), head)).isFalse();
        assertThat(met(Condition.cookie("A", ValueTest.absent()), head)).isTrue();
        assertThat(met(Condition.cookie("a", ValueTest.absent()), Requests.get("h", "/")))
                .isTrue();
    }

    @Test
    void clientsAreComparedByAddress() {
        RequestHead head = Requests.get("h", "/");
        assertThat(met(Condition.client(CidrSet.of("192.0.2.0/24")), head)).isTrue();
        assertThat(met(Condition.client(CidrSet.of("10.0.0.0/8")), head)).isFalse();
    }

    @Test
    void exclusionIsSymmetricAndOnlyClaimedWhenCertain() {
        Condition one = Condition.header("V", ValueTest.is("1"));
        assertThat(excludes(one, Condition.header("v", ValueTest.is("2")))).isTrue();
        assertThat(excludes(one, Condition.header("v", ValueTest.absent()))).isTrue();
        assertThat(excludes(one, Condition.header("v", ValueTest.matches("[2-9]"))))
                .isTrue();
        assertThat(excludes(one, Condition.header("v", ValueTest.matches("[0-9]"))))
                .isFalse();
        assertThat(excludes(one, Condition.header("v", ValueTest.present()))).isFalse();
        assertThat(excludes(one, Condition.header("w", ValueTest.is("2")))).isFalse();
        assertThat(excludes(one, Condition.cookie("V", ValueTest.is("2")))).isFalse();
        Condition pattern = Condition.header("V", ValueTest.matches("^a"));
        assertThat(excludes(pattern, Condition.header("V", ValueTest.matches("^b"))))
                .isFalse();
        assertThat(excludes(pattern, Condition.header("V", ValueTest.absent()))).isTrue();
        assertThat(excludes(pattern, Condition.header("V", ValueTest.present())))
                .isFalse();
        assertThat(excludes(Condition.method("GET", "PUT"), Condition.method("POST")))
                .isTrue();
        assertThat(excludes(Condition.method("GET", "PUT"), Condition.method("PUT")))
                .isFalse();
        assertThat(excludes(Condition.client(CidrSet.of("10.0.0.0/8")), Condition.client(CidrSet.of("192.168.0.0/16"))))
                .isTrue();
    }

    private static boolean excludes(Condition a, Condition b) {
        assertThat(a.excludes(b)).isEqualTo(b.excludes(a));
        return a.excludes(b);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "^/abc /abcd true",
                "^/abc /xabc false",
                "^/abc? /ab true",
                "^/abc* /abx true",
                "^/ab{0,1} /a true",
                "^/a|^/b /b true",
                "(?i)^/a /A true",
                "^(?i)/a /A true",
                "^/a+b /aab true",
                "^/a.c /abc true",
                "^/[ab] /b true",
                "^/a$ /a true",
                "^/a$ /ab false",
                "b /abc true",
                "^/a\\.b /a.b true",
                "^/a\\.b /axb false"
            })
    void theLiteralShortCutOfExpressionsChangesNoAnswer(String expression, String input, boolean expected) {
        byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
        assertThat(Regex.of(expression).find(bytes, 0, bytes.length)).isEqualTo(expected);
        assertThat(Pattern.compile(expression).matcher(input).find()).isEqualTo(expected);
    }
}
