package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import io.foregate.control.config.bind.Shapes;
import org.jspecify.annotations.Nullable;

/** Whether a client comes back to the same server. */
@Form(
        value =
                "Whether a client comes back to the server that answered it first: by a cookie that names the server and that"
                        + " nobody can make up.",
        grows = "cookie")
public record Sticky(
        @Key("The name of the cookie.") CookieName cookie,

        @Key(
                "Where the key is that cookies are signed with, 16 characters at least. Without it, one is made up when the process"
                        + " starts: no other process understands its cookies, nor does this one when it has been restarted.")
        @Nullable
        SecretRef key,

        @Key(value = "How long the cookie is kept; `none` is until the browser is closed.", otherwise = "none")
        Timeout ttl,

        @Key(value = "The paths for which the cookie is sent.", otherwise = "/")
        LiteralPath path,

        @Key(value = "The host, and those below it, for which the cookie is sent; without it, the host that was asked.")
        @Nullable
        ServerName domain,

        @Key(
                value = "Whether it is sent with requests that come from other sites: `strict`, `lax` or `none`.",
                otherwise = "lax")
        SameSite sameSite,

        @Key(
                value = "Whether it is sent by TLS only: `on`, `off`, or `auto` for where it was set by TLS.",
                otherwise = "auto")
        Secure secure,

        @Key(value = "Whether scripts don't see it.", otherwise = "true")
        boolean httpOnly) {

    /** Whether it goes along with requests that come from other sites. */
    public enum SameSite {
        STRICT,
        LAX,
        NONE
    }

    /** Whether it goes by TLS only. */
    public enum Secure {
        AUTO,
        ON,
        OFF
    }

    /** What stands behind the cookie's value. */
    public String attributes() {
        String word = Shapes.word(sameSite);
        return "; Path=" + path.text()
                + (domain == null ? "" : "; Domain=" + domain)
                + (ttl.isNone() ? "" : "; Max-Age=" + Math.max(1, ttl.nanos() / 1_000_000_000))
                + (httpOnly ? "; HttpOnly" : "")
                + "; SameSite=" + Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    @Override
    public String toString() {
        return "by cookie " + cookie
                + (ttl.isNone() ? "" : " for " + ttl)
                + ", signed with " + (key == null ? "a key of this process" : key);
    }
}
