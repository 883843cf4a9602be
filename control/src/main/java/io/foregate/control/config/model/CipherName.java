package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import io.foregate.control.config.bind.Suggestion;
import java.util.List;

/** A cipher suite of TLS 1.2, by OpenSSL's name. */
@Scalar(
        value = "a cipher suite",
        examples = {"ECDHE-ECDSA-AES128-GCM-SHA256"},
        doc =
                "A cipher suite of TLS 1.2 by OpenSSL's name: ECDHE with ECDSA or RSA, and AES-GCM or ChaCha20. Those with CBC"
                        + " or without forward secrecy can be had for old clients. The suites of TLS 1.3 are always on.")
public record CipherName(String text) {
    private static final List<String> KNOWN = List.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-RSA-AES128-SHA",
            "ECDHE-ECDSA-AES256-SHA",
            "ECDHE-RSA-AES256-SHA",
            "AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-SHA",
            "AES256-SHA");

    /** Forward secrecy and authenticated encryption; the cheapest first. */
    public static final List<CipherName> STRONG =
            KNOWN.subList(0, 6).stream().map(CipherName::new).toList();

    public static CipherName parse(String text) throws BadValue {
        if (!KNOWN.contains(text)) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a cipher suite that can be had",
                    Suggestion.among(text, KNOWN, "cipher suites are"));
        }
        return new CipherName(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
