package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The admin API: where it listens, and who may do what by it. */
@Form(
        value =
                "The admin API, by which a running process is looked at and changed. It is off unless this says where it listens.",
        grows = "listen")
public record Admin(
        @Key(
                value =
                        "Where it listens: a loopback address, `unix:PATH` for a socket that only the user of this process may"
                                + " use, or `off`. Any other address needs `tokens` and `tls`.",
                otherwise = "off")
        AdminAddress listen,

        @Key("Who may use it. Without any, whoever can connect may do everything.")
        Map<Name, Token> tokens,

        @Key("The certificate that it shows; it speaks TLS then.") @Nullable
        Certificate tls,

        @Key(
                value =
                        "Whether a small sample of recent requests is kept in memory, without values of cookies, credentials and"
                                + " queries, so that `foregate plan` can say which of them a change would concern.",
                otherwise = "on")
        Sample sample) {

    /** Whether requests are sampled. */
    public enum Sample {
        ON,
        OFF
    }

    @Form("Somebody who may use the admin API.")
    public record Token(
            @Key("What may be done with it: `read`, `operate` (endpoints too), or `configure` (everything).")
            Role role,

            @Key("Where the token is. It has at least 16 characters.")
            SecretRef secret) {}

    /** What somebody may do; each may do what those before it may. */
    public enum Role {
        READ,
        OPERATE,
        CONFIGURE;

        /** Whether it is enough where {@code needed} is. */
        public boolean covers(Role needed) {
            return compareTo(needed) >= 0;
        }
    }

    @Form("The certificate of the admin API. Its files are looked at every second.")
    public record Certificate(
            @Key("The certificate and its intermediates (PEM).")
            FilePath cert,

            @Key("Its private key (PEM), which isn't encrypted.")
            FilePath key) {}
}
