package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Inline;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of a site, and how it speaks TLS. Exactly one of {@code from}, one certificate, and {@code certificates}. */
@Form(
        value = "The certificate of a site, and how it speaks TLS. Either `cert` and `key`, or `pkcs12`, or a list of"
                + " `certificates`, or `internal` alone for one that is made at the start.",
        grows = "from")
public record Tls(
        @Key("`internal` makes a certificate that nobody trusts, each time the process starts: for tests and trials.")
        @Nullable
        Source from,

        @Inline Certificate certificate,

        @Key(
                "Several certificates, such as one with an ECDSA and one with an RSA key: each client gets the first that it can"
                        + " verify.")
        List<Certificate> certificates,

        @Key("Whether clients have to show a certificate. A file alone is the authorities that are trusted with them.")
        @Nullable
        ClientCertificates clientCertificates,

        @Key(
                value =
                        "Whether the certificate authority's word that the certificate is not revoked (OCSP) is fetched, and"
                                + " sent along in handshakes.",
                otherwise = "on")
        Stapling ocsp,

        @Inline Rules rules) {

    /** Where a certificate comes from that is no file. */
    public enum Source {
        INTERNAL
    }

    /** Whether OCSP responses are stapled. */
    public enum Stapling {
        ON,
        OFF
    }

    @Form("A certificate and its key: either `cert` and `key`, or `pkcs12`.")
    public record Certificate(
            @Key("The certificate in PEM form, with the intermediate ones behind it.") @Nullable
            FilePath cert,

            @Key("Its private key in PEM form.") @Nullable FilePath key,

            @Key("Certificate, intermediates and key in one PKCS#12 file (`.p12`, `.pfx`).") @Nullable
            FilePath pkcs12,

            @Key("The password of the PKCS#12 file or of the key.") @Nullable
            SecretRef password) {
        /** Whether nothing is said. */
        public boolean isEmpty() {
            return cert == null && key == null && pkcs12 == null && password == null;
        }
    }

    @Form(value = "Whether clients have to show a certificate.", grows = "ca")
    public record ClientCertificates(
            @Key("The certificates of the authorities that are trusted, in PEM form.")
            FilePath ca,

            @Key(
                    value =
                            "`required` refuses clients without a certificate, `optional` lets them pass; a certificate that is"
                                    + " shown has to be good in either case.",
                    otherwise = "required")
            Mode mode) {}

    /** Whether a client certificate has to be. */
    public enum Mode {
        REQUIRED,
        OPTIONAL
    }

    @Form("Versions and ciphers.")
    public record Rules(
            @Key("`intermediate`: TLS 1.2 and 1.3 with forward secrecy, for nearly every client of the last ten years;"
                    + " `modern`: TLS 1.3 alone; `custom`: what `versions`, `ciphers` and `groups` say.")
            @Nullable
            Preset preset,

            @Key("The versions of TLS; only with `preset: custom`.")
            List<TlsVersion> versions,

            @Key("The cipher suites for TLS 1.2, the preferred one first; only with `preset: custom`.")
            List<CipherName> ciphers,

            @Key("The groups for the key exchange, the preferred one first; only with `preset: custom`.")
            List<GroupName> groups) {
        /** Whether something is said besides the preset. */
        public boolean hasDetails() {
            return !versions.isEmpty() || !ciphers.isEmpty() || !groups.isEmpty();
        }
    }

    /** Choices of versions and ciphers. */
    public enum Preset {
        MODERN,
        INTERMEDIATE,
        CUSTOM
    }

    @Form("How this process speaks TLS, for all sites.")
    public record Process(
            @Inline Rules rules,

            @Key(
                    "A file with the keys of session tickets, for processes that share their clients: 48 random bytes for each key,"
                            + " or as much in base64 on a line of its own. The first one seals new tickets. It is read anew when it"
                            + " changes. Without it keys are made and changed by themselves.")
            @Nullable
            FilePath ticketKeys,

            @Key("Handshakes that are under way.") Handshakes handshakes,

            @Key(
                    value =
                            "What makes the signatures of RSA keys. `auto`: the system's libcrypto (OpenSSL 3) where that is"
                                    + " quicker, which it is on processors with AVX-512 IFMA, and BoringSSL elsewhere; `off`:"
                                    + " BoringSSL.",
                    otherwise = "auto")
            Accelerator accelerator) {}

    /** Whether RSA signatures may be made outside of BoringSSL. */
    public enum Accelerator {
        AUTO,
        OFF
    }

    @Form(value = "Handshakes that are under way.", grows = "max")
    public record Handshakes(
            @Key(
                    value =
                            "How many at once in the whole process. Four times as many wait their turn; beyond that they are"
                                    + " refused.",
                    otherwise = "2000")
            Count max,

            @Key(value = "How long one may take, from the connection's begin.", otherwise = "10s")
            Timeout timeout) {}
}
