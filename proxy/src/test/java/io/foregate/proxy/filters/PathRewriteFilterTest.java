package io.foregate.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.foregate.api.filter.Verdict;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.Regex;
import io.foregate.proxy.route.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathRewriteFilterTest {
    /** The target after the filter, or the status it answers. */
    private static String rewritten(PathRewriteFilter filter, String target) {
        RequestHead head = Requests.get("app.example.com", target);
        return switch (filter.onRequest(head, Requests.context(head))) {
            case Verdict.Respond answer -> Integer.toString(answer.status());
            case Verdict.Continue _, Verdict.Pause _ -> {
                String query = head.queryString();
                assertThat(head.targetString())
                        .as("target, path and query agree")
                        .isEqualTo(head.pathString() + (query == null ? "" : "?" + query));
                yield head.targetString();
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /api/users?x=1, /users?x=1",
        "/api, /api, /",
        "/api, /api?x=1, /?x=1",
        "/api, /api/, /",
        "/api/, /api/x, /x",
        "/api, /apix, /apix",
        "/api, /ap, /ap",
        "/api, /x/api/y, /x/api/y",
        "/api, /%61pi/x, /x",
        "/api, /a%70i, /",
        "/api, /%61pix, /%61pix",
        "/@api, /%40api/x, /x",
        "/%40api, /@api/x, /x",
        "/a%2fb, /a%2Fb/c, /c",
        "/a%2Fb, /a%2fb/c, /c",
        "/a%2Fb, /a/b/c, /a/b/c",
        "/api, /api/%61%2F, /%61%2F",
        "/api, //api/x, /x",
        "/api, ///api, /",
        "/api/v1, /api//v1/x, /x",
        "/api, //apix, //apix",
        "/api, /api//x, //x",
        "/api, *, *"
    })
    void prefixesAreStrippedOnSegmentBoundaries(String prefix, String target, String expected) {
        assertThat(rewritten(PathRewriteFilter.stripPrefix(prefix), target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /v1/api, /api/users?x, /v1/api/users?x",
        "/api, /v1, /api, /v1",
        "/api, /v1, /apix, /apix",
        "/api, /, /api/x, /x"
    })
    void prefixesAreReplaced(String prefix, String replacement, String target, String expected) {
        assertThat(rewritten(PathRewriteFilter.replacePrefix(prefix, replacement), target))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/index.html, /a/b?x=1, /index.html?x=1",
        "/index.html, /a, /index.html",
        "/sites/{host}{path}, /a?x, /sites/app.example.com/a?x",
        "{path}.html, /a, /a.html"
    })
    void wholePathsAreReplacedAndTheQueryIsKept(String path, String target, String expected) {
        assertThat(rewritten(PathRewriteFilter.replace(path), target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "^/user/([0-9]+)$, /people/$1, /user/7?x=1, /people/7?x=1",
        "^/user/([0-9]+)$, /people/$1, /user/x, /user/x",
        "^/(a)(b)?(/.*)$, /${3}$2-$1$$, /a/c, //c-a$",
        "^/(..)/(..), /$2/$1, /en/us/x, /us/en/x",
        "-, _, /a-b-c?d-e, /a_b_c?d-e",
        "^/x, /{host}, /x/y, /app.example.com/y",
        "^/admin, /denied, /%61dmin/x, /denied/x",
        "$, /end, /a, /a/end"
    })
    void expressionsAreReplacedWhereverTheyAreFound(
            String expression, String replacement, String target, String expected) {
        assertThat(rewritten(PathRewriteFilter.regex(Regex.of(expression), replacement), target))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "^/(.*)$, $1, /a",
        "^/a, '', /ab",
        "^/x(.*)y(.*)z, /$1$2/secret, /x.y.z",
        "^/a/(.+)b, /b/$1, /a/..b",
        "%25, %, /a%25zz",
        "^/f(.*), /g%$1, /f00"
    })
    void whatIsNoCleanPathAfterwardsIsRefused(String expression, String replacement, String target) {
        assertThat(rewritten(PathRewriteFilter.regex(Regex.of(expression), replacement), target))
                .isEqualTo("400");
    }

    @Test
    void hostsCannotSmuggleDotSegmentsIn() {
        RequestHead head = Requests.get("..", "/etc");
        Verdict verdict = PathRewriteFilter.replace("/sites/{host}{path}").onRequest(head, Requests.context(head));
        assertThat(verdict).isInstanceOf(Verdict.Respond.class);
    }

    @Test
    void theMatchedFormIsDerivedAnew() {
        RequestHead head = Requests.get("h", "/api/%61/%2f");
        PathRewriteFilter.stripPrefix("/api").onRequest(head, Requests.context(head));
        assertThat(head.pathString()).isEqualTo("/%61/%2f");
        assertThat(head.matchPathString()).startsWith("/a/%2");
    }

    @Test
    void rewritesFollowEachOther() {
        RequestHead head = Requests.get("h", "/api/v1/" + "x".repeat(3000) + "?q=" + "y".repeat(3000));
        PathRewriteFilter.stripPrefix("/api").onRequest(head, Requests.context(head));
        PathRewriteFilter.replacePrefix("/v1", "/v2").onRequest(head, Requests.context(head));
        assertThat(head.targetString()).isEqualTo("/v2/" + "x".repeat(3000) + "?q=" + "y".repeat(3000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "", "/a?b", "/a b", "/caf\u00e9", "/{query}", "/{uri}", "/{nope}"})
    void pathsThatAreNoneAreRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> PathRewriteFilter.replace(path));
    }

    @Test
    void whatMayNotStandInAPathIsSaidHowToEscape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathRewriteFilter.replace("/caf\u00e9"))
                .withMessageContaining("escape it as %C3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "/", "/api/*", "/a/../b", "~ ^/a"})
    void prefixesThatAreNoneAreRefused(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> PathRewriteFilter.stripPrefix(prefix));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/$2", "/$", "/${1", "/${x}", "/$x", "/a?b=$1", "/{nope}"})
    void replacementsThatCannotWorkAreRefused(String replacement) {
        assertThatIllegalArgumentException().isThrownBy(() -> PathRewriteFilter.regex(Regex.of("^/(a)"), replacement));
    }
}
